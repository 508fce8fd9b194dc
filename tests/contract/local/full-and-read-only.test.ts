import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createLocalBackend } from '../../../src-main/front/backends/local/local-backend.ts'
import { codeOf, Drive, patterned } from '../backend/subject.ts'

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
  'file systems with limits',
  () => {
    let rootDir: string
    let drive: Drive
    beforeAll(async () => {
      rootDir = mkdtempSync(join(tmpdir(), 'mountbar-backend-'))
      await mkdir(join(rootDir, 'small'))
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', join(rootDir, 'small')])
      drive = new Drive(await createLocalBackend({ rootDir, durable: true }))
    })
    afterAll(() => {
      execFileSync('umount', [join(rootDir, 'small')])
      rmSync(rootDir, { recursive: true })
    })

    it('refuse with no-space what does not fit, keep the old content and leave no trace', async () => {
      await drive.put('/small/file', 'old')
      expect(await codeOf(drive.put('/small/file', patterned(3_000_000)))).toBe('no-space')
      expect(await drive.getText('/small/file')).toBe('old')
      expect(await readdir(join(rootDir, 'small'))).toEqual(['file'])
      await drive.put('/small/file', 'there is room again')
    })

    it('refuse to move between two of them, and keep the file where it is', async () => {
      await drive.put('/file', 'content')
      expect(await codeOf(drive.move('/file', '/small/moved'))).toBe('permission-denied')
      expect(await drive.getText('/file')).toBe('content')
      expect(await drive.names('/small')).not.toContain('moved')
    })

    it('refuse changes with read-only, and are still read', async () => {
      await writeFile(join(rootDir, 'small/kept'), 'content')
      execFileSync('mount', ['-o', 'remount,ro', join(rootDir, 'small')])
      try {
        expect(await codeOf(drive.put('/small/kept', 'new'))).toBe('read-only')
        expect(await codeOf(drive.makeDirectory('/small/new'))).toBe('read-only')
        expect(await codeOf(drive.remove('/small/kept'))).toBe('read-only')
        expect(await codeOf(drive.move('/small/kept', '/small/moved'))).toBe('read-only')
        expect(await drive.getText('/small/kept')).toBe('content')
      } finally {
        execFileSync('mount', ['-o', 'remount,rw', join(rootDir, 'small')])
      }
    })
  },
)
