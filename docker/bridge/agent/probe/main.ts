import { statfsSync } from 'node:fs'
import { createInterface } from 'node:readline'

import type { ProbeLine } from './probe-protocol.ts'

/**
 * A process of its own that asks the mount for its size whenever it gets a line, and may be stuck for as long as the mount is. Its
 * parent kills it then.
 */
const [, , dir = '/', expected = 'nfs'] = process.argv
const nfsMagic = 0x6969

createInterface({ input: process.stdin }).on('line', () => {
  process.stdout.write(`${JSON.stringify(probe())}\n`)
})

function probe(): ProbeLine {
  const startedAtMs = performance.now()
  try {
    // Synchronous: a thread that is stuck would keep the process from ending by itself, and nothing else is to be done here.
    const { type } = statfsSync(dir)
    if (expected === 'nfs' && type !== nfsMagic) return { type: 'failed', code: 'not-nfs' }
    return { type: 'answered', roundTripMs: performance.now() - startedAtMs }
  } catch (error) {
    return { type: 'failed', code: (error as NodeJS.ErrnoException).code ?? 'unknown' }
  }
}
