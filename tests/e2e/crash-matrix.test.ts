import { describe, expect, test } from 'vitest'

import type { DurableStep } from '../../src-main/front/vfs/uploads/upload-store.ts'
import { durableSteps } from '../harness/crash/durable-steps.ts'
import { liveThrough } from '../harness/crash/lives.ts'

const seed = 20_261_121
/** Only a folder that is moved or removed while something is pending in it gets there. */
const rareSteps: readonly DurableStep[] = [
  'intent-committed',
  'backend-moved',
  'retarget-committed',
  'backend-removed',
]

describe('whatever was answered is there, once and whole, and nothing else is', () => {
  test.each(durableSteps)('when the front dies at "%s", again and again', async (step) => {
    const deaths = (rareSteps.includes(step) ? [1, 2, 4] : [1, 10, 40]).map(
      (nth) => ({ kind: 'at-step', step, nth }) as const,
    )
    const { lives, answered } = await liveThrough(seed + durableSteps.indexOf(step), () => deaths)
    expect(lives).toBe(3)
    expect(answered).toBeGreaterThan(0)
  })
})
