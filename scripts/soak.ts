import { parseArgs } from 'node:util'

import { liveThrough } from '../tests/harness/crash/lives.ts'
import { randomDeaths } from '../tests/harness/crash/random-deaths.ts'

const livesPerSeed = 40

/**
 * `npm run soak -- --minutes 60 [--seed 1]`: random histories of a drive whose front is killed again and again, seed after seed, until the
 * time is over. Prints each seed; exits 1 with seed and history at the first thing lost, doubled or mixed.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } },
  })
  const endMs = Date.now() + Number(values.minutes) * 60_000
  let seed = Number(values.seed ?? Date.now() % 1_000_000)
  for (; Date.now() < endMs; seed += 1) {
    console.log(`seed ${seed} …`)
    const { lives, answered } = await liveThrough(seed, (random) => randomDeaths(random, livesPerSeed))
    console.log(`seed ${seed}: ${lives} deaths, ${answered} changes answered, all there`)
  }
}

await main()
