import { expect, test } from 'vitest'

import { liveThroughInMemory } from '../../../../harness/crash/memory-lives.ts'

const histories = 1_000
const perTest = 100
/** Each mostly waits for its disk. */
const lanes = 10

test.each(Array.from({ length: histories / perTest }, (_, index) => index * perTest))(
  'a drive that dies at random durable steps loses, doubles and mixes nothing it has answered (100 histories from seed %i)',
  { timeout: 120_000 },
  async (first) => {
    let [next, survived] = [first, 0]
    const lane = async (): Promise<void> => {
      while (next < first + perTest) {
        await liveThroughInMemory(next++)
        survived += 1
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane))
    expect(survived).toBe(perTest)
  },
)
