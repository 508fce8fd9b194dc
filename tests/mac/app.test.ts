import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'

import { _electron, type ElectronApplication } from 'playwright-core'
import { expect, test } from 'vitest'

import { findElectron } from '../../scripts/electron/find-electron.ts'
import { needs } from '../harness/needs.ts'
import { runProgram } from '../harness/run-program.ts'
import { makeTempDir } from '../harness/temp-dir.ts'

const repoDir = join(import.meta.dirname, '../..')

/** Run by the macOS job of CI alone: the built app in Electron itself, with macOS's own WebDAV client. */
needs('macos')('the app in Electron on a Mac', () => {
  test('mounts the Sandbox with mount_webdav from the popover, keeps a file in it, and unmounts', async () => {
    await using home = await makeTempDir('mac-app')
    const app = await launch(join(home.dir, 'app'))
    try {
      const page = await app.firstWindow()
      await page.getByRole('button', { name: 'Mount the Sandbox' }).click()
      await expect.poll(() => volumesBelow(home.dir), { timeout: 90_000 }).toHaveLength(1)

      const [volume = ''] = await volumesBelow(home.dir)
      const filePath = join(volume, 'from the volume.txt')
      await writeFile(filePath, 'hello')
      expect(await readFile(filePath, 'utf8')).toBe('hello')
      await page.getByRole('button', { name: /^Activity/ }).click()
      await expect.poll(() => page.textContent('body'), { timeout: 30_000 }).toContain('from the volume.txt')

      await page.getByRole('button', { name: /^Drives/ }).click()
      await page.getByRole('button', { name: /^Unmount/ }).click()
      await expect.poll(() => volumesBelow(home.dir), { timeout: 60_000 }).toEqual([])
    } finally {
      for (const volume of await volumesBelow(home.dir)) await runProgram('/sbin/umount', ['-f', volume])
      await app.close()
    }
  })

  test('gives its page neither Node nor Electron', async () => {
    await using home = await makeTempDir('mac-app')
    const app = await launch(join(home.dir, 'app'))
    try {
      const page = await app.firstWindow()
      const reached = await page.evaluate(
        '[typeof require, typeof process, typeof module, typeof mountbar.invoke]',
      )
      expect(reached).toEqual(['undefined', 'undefined', 'undefined', 'function'])
    } finally {
      await app.close()
    }
  })
})

async function launch(appDir: string): Promise<ElectronApplication> {
  const packageDir = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const electron = await findElectron(packageDir)
  if (!electron.isThere) throw new Error(electron.reason)
  return await _electron.launch({
    executablePath: electron.path,
    args: ['.'],
    cwd: repoDir,
    env: { ...definedOnly(process.env), MOUNTBAR_HOME: appDir },
  })
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** From the mount table: asking a path that is mounted may wait for ever. */
async function volumesBelow(dir: string): Promise<readonly string[]> {
  const { stdout } = await runProgram('/sbin/mount', [])
  return stdout
    .split('\n')
    .map((line) => / on (.+) \(webdav/.exec(line)?.[1] ?? '')
    .filter((mountPoint) =>
      mountPoint.replace(/^\/private/, '').startsWith(`${dir.replace(/^\/private/, '')}/`),
    )
}
