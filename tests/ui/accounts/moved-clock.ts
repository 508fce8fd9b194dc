import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The time of day of an app, which a test moves ahead: durations and timers stay the machine's. */
export interface MovedClock {
  /** For `startApp`. */
  readonly env: Readonly<Record<string, string>>
  now(): number
  advance(ms: number): Promise<void>
}

export async function createMovedClock(dir: string): Promise<MovedClock> {
  const path = join(dir, 'clock')
  let movedMs = 0
  const write = async (): Promise<void> => {
    // Never half written: the app reads it whenever it wants to know the time.
    await writeFile(`${path}.new`, String(movedMs))
    await rename(`${path}.new`, path)
  }
  await write()
  return {
    env: {
      NODE_OPTIONS: `--import=${join(import.meta.dirname, 'moved-clock-hook.ts')}`,
      MOUNTBAR_TEST_CLOCK: path,
    },
    now: () => Date.now() + movedMs,
    advance: async (ms) => {
      movedMs += ms
      await write()
    },
  }
}
