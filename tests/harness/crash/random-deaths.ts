import { durableSteps, rareSteps } from './durable-steps.ts'
import type { Death } from './lives.ts'

/** `count` deaths: at any step, as often as every history soon gets there, or at any moment within a second and a half. */
export function* randomDeaths(random: () => number, count: number): Generator<Death> {
  for (let i = 0; i < count; i++) {
    const step = durableSteps[Math.floor(random() * durableSteps.length)]!
    const mostOften = rareSteps.includes(step) ? 4 : 30
    yield random() < 0.5
      ? { kind: 'at-step', step, nth: 1 + Math.floor(random() * mostOften) }
      : { kind: 'after', ms: 50 + random() * 1_500 }
  }
}
