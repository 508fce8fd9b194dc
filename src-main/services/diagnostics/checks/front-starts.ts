import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { failed, passed } from '../check.ts'
import type { Check } from '../check.ts'
import type { DiagnosticsContext } from '../context.ts'

const requestLimitMs = 10_000
const content = 'mountbar doctor\n'

/** The real thing: a front on a folder of its own, and one file read through it. */
export const frontStarts: Check<Pick<DiagnosticsContext, 'startTrialFront' | 'clock'>> = {
  id: 'front',
  title: 'Serving a folder',
  severity: 'problem',
  applicable: () => true,
  check: async ({ startTrialFront, clock }) => {
    const tempDir = await mkdtemp(join(tmpdir(), 'mountbar-doctor-'))
    try {
      const [rootDir, stateDir] = [join(tempDir, 'root'), join(tempDir, 'state')]
      await Promise.all([mkdir(rootDir), mkdir(stateDir, { mode: 0o700 })])
      await writeFile(join(rootDir, 'hello.txt'), content)
      const startedMs = clock.monotonicMs()
      const front = await startTrialFront(rootDir, stateDir)
      try {
        const answer = await ask(new URL('hello.txt', front.url))
        return answer === content
          ? passed(`started and answered within ${Math.round(clock.monotonicMs() - startedMs)} ms`)
          : failed(
              `The server was started, but the file did not come back from 127.0.0.1: ${answer}.`,
              'Look for a firewall or another program that filters connections to 127.0.0.1.',
            )
      } finally {
        await front.stop()
      }
    } finally {
      await rm(tempDir, { recursive: true, force: true })
    }
  },
}

/** The file's text, or what came in its place. */
async function ask(url: URL): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(requestLimitMs) })
    const text = await response.text()
    if (!response.ok) return `status ${response.status}`
    return text === content ? text : 'other content'
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no connection'
  }
}
