import { durableSteps } from './durable-steps.ts'
import type { Death } from './lives.ts'

const commonSteps = durableSteps.filter(
  (step) => !['intent-committed', 'backend-moved', 'retarget-committed'].includes(step),
)

/** `count` deaths: at the steps that every history reaches soon, or at any moment within a second and a half. */
export function* randomDeaths(random: () => number, count: number): Generator<Death> {
  for (let i = 0; i < count; i++) {
    const step = commonSteps[Math.floor(random() * commonSteps.length)]!
    yield random() < 0.5
      ? { kind: 'at-step', step, nth: 1 + Math.floor(random() * 30) }
      : { kind: 'after', ms: 50 + random() * 1_500 }
  }
}
