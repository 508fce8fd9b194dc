import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { describe, expect, test } from 'vitest'

import { cpuTicksOf, readTreeUsage, treeOf } from '../../../bench/lib/process-tree.ts'

describe('the cost of a process', () => {
  test('is read past a name that looks like more fields', () => {
    const times = '7 1 2 3'
    const stat = `42 (a) b (c 9 9) S 1 42 42 0 -1 4194304 100 0 0 0 ${times} 20 0 1 0 12345 0 0`
    expect(cpuTicksOf(stat)).toBe(13)
  })

  test.runIf(process.platform === 'linux')('is summed over its children', async () => {
    const child = spawn('sleep', ['60'])
    await once(child, 'spawn')
    try {
      expect(treeOf(process.pid)).toContain(child.pid)
      expect(readTreeUsage(process.pid).residentBytes).toBeGreaterThan(
        readTreeUsage(child.pid!).residentBytes,
      )
    } finally {
      child.kill('SIGKILL')
    }
  })
})
