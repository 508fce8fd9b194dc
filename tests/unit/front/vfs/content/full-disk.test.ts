import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { mebibyte, openCache, textFor } from './open-cache.ts'

/** Makes file systems of its own, as only root on Linux with the right to mount may; elsewhere the suite is reported as skipped. */
function canMount(): boolean {
  const dir = mkdtempSync(join(tmpdir(), 'mountbar-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', dir], { stdio: 'ignore' })
    execFileSync('umount', [dir])
    return true
  } catch {
    return false
  } finally {
    rmSync(dir, { recursive: true })
  }
}

describe.runIf(process.platform === 'linux' && process.geteuid?.() === 0 && canMount())(
  'a small disk',
  () => {
    let diskDir: string
    beforeEach(() => {
      diskDir = mkdtempSync(join(tmpdir(), 'mountbar-disk-'))
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', diskDir])
    })
    afterEach(() => {
      execFileSync('umount', [diskDir])
      rmSync(diskDir, { recursive: true })
    })

    const large = textFor(10 * mebibyte)

    it('that a file does not fit on lets it through, to readers of any pace', async () => {
      await using opened = openCache({ dir: join(diskDir, 'content') })
      opened.memory.put('/large', large)
      const slow = await opened.open('/large')
      expect((await opened.get('/large')) === large).toBe(true)
      const parts: Buffer[] = []
      for await (const chunk of slow.body) parts.push(Buffer.from(chunk))
      expect(Buffer.concat(parts).toString() === large).toBe(true)
      expect((await opened.get('/large')) === large).toBe(true)
    })

    it('that somebody else has filled lets everything through', async () => {
      await using opened = openCache({ dir: join(diskDir, 'content') })
      fill(join(diskDir, 'ballast'))
      opened.memory.put('/large', large)
      expect((await opened.get('/large')) === large).toBe(true)
      expect(
        (await opened.get('/large', { start: 100, end: 5_000_000 })) === large.slice(100, 5_000_001),
      ).toBe(true)
      expect(opened.cache.counters().storedBytes).toBe(0)
    })

    it('that is full at the start is reported, and everything is read past the cache', async () => {
      fill(join(diskDir, 'ballast'))
      await using opened = openCache({ dir: join(diskDir, 'content') })
      expect(opened.unusable).toMatchObject([{ code: 'state-dir-unusable' }])
      opened.memory.put('/large', large)
      expect((await opened.get('/large')) === large).toBe(true)
    })

    it('gets back what the cache has when its reserve is touched', async () => {
      await using opened = openCache({ dir: join(diskDir, 'content'), reserveBytes: 3 * mebibyte })
      for (const name of ['/a', '/b', '/c', '/d', '/e', '/f', '/g']) {
        opened.memory.put(name, textFor(mebibyte))
        await opened.get(name)
        await opened.restart()
        const { bavail, bsize } = statfsSync(diskDir)
        expect(bavail * bsize).toBeGreaterThan(2.5 * mebibyte)
      }
      opened.calls()
      await opened.get('/g')
      expect(opened.calls()).toEqual(['stat /g'])
    })
  },
)

function fill(path: string): void {
  for (let chunkBytes = mebibyte; chunkBytes > 0; chunkBytes = Math.floor(chunkBytes / 2)) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(chunkBytes, 1), { flag: 'a' })
    } catch {
      // Smaller pieces may still fit.
    }
  }
}
