import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import type { Samples } from './samples.ts'
import { makeTask, warmUp, type TaskShape } from './tree.ts'
import type { Way } from './way.ts'

export interface MeasureOptions {
  readonly exportDir: string
  readonly shape: TaskShape
  readonly rounds: number
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

/** Every way does the same on files of its own, round after round, so that whatever the machine does meanwhile hits all of them alike. */
export async function measureWays(
  ways: readonly Way[],
  samples: Samples,
  { exportDir, shape, rounds, signal, onProgress }: MeasureOptions,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    // Nobody is always the one that comes after the slowest.
    const first = round % ways.length
    for (const way of [...ways.slice(first), ...ways.slice(0, first)]) {
      signal.throwIfAborted()
      onProgress(`round ${round + 1} of ${rounds}: ${way.label}`)
      const folder = `${way.label.replaceAll(' ', '-')}-${round}`
      await way.perform(await makeTask(exportDir, `${folder}-warm-up`, warmUp))
      samples.addTimes(way.label, await way.perform(await makeTask(exportDir, folder, shape)), shape.bigBytes)
      await rm(join(exportDir, folder), { recursive: true })
    }
  }
}
