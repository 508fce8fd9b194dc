import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { watchLooks, type WatchedOptions } from './model/watched-drive.ts'

/** A soak asks for thousands. */
const seeds = Number(process.env['SOAK_RUNS'] ?? 15)
const firstSeed = Number(process.env['SOAK_FIRST'] ?? 1)

const backends: Record<string, Omit<WatchedOptions, 'seed' | 'stateDir'>> = {
  'a queue and a quick backend': { mode: 'queued', longestMs: 200, lost: 0, ttlMs: 5_000 },
  'a queue and a slow backend': { mode: 'queued', longestMs: 2_400, lost: 0, ttlMs: 5_000 },
  'a backend slower than knowledge lasts': { mode: 'queued', longestMs: 2_400, lost: 0, ttlMs: 500 },
  'a backend whose answers get lost': { mode: 'queued', longestMs: 2_400, lost: 0.15, ttlMs: 5_000 },
  'no queue and a slow backend': { mode: undefined, longestMs: 2_400, lost: 0, ttlMs: 5_000 },
}

describe('whoever looks while others change something', { timeout: 20_000 + seeds * 1_000 }, () => {
  it.each(Object.entries(backends))(
    'sees all that was there all the while, and nothing that never was (%s)',
    async (_with, options) => {
      // Every life has a state of its own on the disk; a disk in memory makes that cheap.
      const rootDir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'mountbar-looks-'))
      try {
        for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
          const stateDir = join(rootDir, String(seed))
          expect(await watchLooks({ ...options, seed, stateDir })).toBeUndefined()
        }
      } finally {
        rmSync(rootDir, { recursive: true })
      }
    },
  )
})
