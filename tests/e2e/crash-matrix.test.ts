import { describe, expect, test } from 'vitest'

import { durableSteps, rareSteps } from '../harness/crash/durable-steps.ts'
import { liveThrough } from '../harness/crash/lives.ts'
import { randomDeaths } from '../harness/crash/random-deaths.ts'

const seed = 20_261_121
/** Together with the histories in memory, three minutes of random deaths; `npm run soak` has more. */
const randomLives = 20
/** One life takes about two seconds, and more on a machine that is busy. */
const limitMs = 300_000

describe('whatever was answered is there, once and whole, and nothing else is', () => {
  test.each(durableSteps)(
    'when the front dies at "%s", again and again',
    { timeout: limitMs },
    async (step) => {
      const deaths = (rareSteps.includes(step) ? [1, 2, 4] : [1, 10, 40]).map(
        (nth) => ({ kind: 'at-step', step, nth }) as const,
      )
      const { lives, answered } = await liveThrough(seed + durableSteps.indexOf(step), () => deaths)
      expect(lives).toBe(3)
      expect(answered).toBeGreaterThan(0)
    },
  )

  test.each([1, 2])(
    'in random histories with random deaths (seed %i)',
    async (number) => {
      const { lives } = await liveThrough(number, (random) => randomDeaths(random, randomLives))
      expect(lives).toBe(randomLives)
    },
    limitMs,
  )
})
