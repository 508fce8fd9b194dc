import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { explainMissing } from '../../../scripts/electron/explain-missing.ts'
import { findElectron } from '../../../scripts/electron/find-electron.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

const repoDir = join(import.meta.dirname, '../../..')

/** The `electron` package with an installer of ours. */
async function makePackage(installer: string) {
  const temp = await makeTempDir('electron-package')
  await writeFile(join(temp.dir, 'install.js'), installer)
  return temp
}

test('takes the binary that is there, without asking anybody', async () => {
  await using temp = await makePackage('throw new Error("asked")')
  await mkdir(join(temp.dir, 'dist'))
  await writeFile(join(temp.dir, 'dist/electron'), '')
  await writeFile(join(temp.dir, 'path.txt'), 'electron')
  expect(await findElectron(temp.dir)).toEqual({ isThere: true, path: join(temp.dir, 'dist/electron') })
})

test('has the package fetch the binary when it is missing', async () => {
  await using temp = await makePackage(`
    const fs = require('node:fs')
    process.chdir(__dirname)
    fs.mkdirSync('dist')
    fs.writeFileSync('dist/electron', '')
    fs.writeFileSync('path.txt', 'electron')`)
  expect(await findElectron(temp.dir)).toEqual({ isThere: true, path: join(temp.dir, 'dist/electron') })
})

test.each([
  [
    'console.error("TypeError: fetch failed\\n    at node:internal"); process.exit(1)',
    'TypeError: fetch failed',
  ],
  ['console.error("getaddrinfo ENOTFOUND github.com"); process.exit(1)', 'getaddrinfo ENOTFOUND github.com'],
  ['process.exit(1)', 'Its installer said nothing.'],
])('says in one line why it could not be fetched: %s', async (installer, reason) => {
  await using temp = await makePackage(installer)
  expect(await findElectron(temp.dir)).toEqual({ isThere: false, reason })
})

test('waits for an installer that hangs only so long', async () => {
  await using temp = await makePackage('setInterval(() => undefined, 1000)')
  const found = await findElectron(temp.dir, 500)
  expect(found).toEqual({ isThere: false, reason: 'Nothing came within 0.5 s.' })
})

test('names what is missing, where it comes from and what works without it', () => {
  const text = explainMissing('TypeError: fetch failed')
  for (const part of ['Electron', 'TypeError: fetch failed', 'ELECTRON_MIRROR', 'npm run demo'])
    expect(text).toContain(part)
})

/** On a machine that has the binary the app would start. */
test.skipIf(existsSync(join(repoDir, 'node_modules/electron/path.txt')))(
  'npm start fails with that where nothing can be fetched',
  async () => {
    await using cache = await makeTempDir('electron-cache')
    const env = {
      ...process.env,
      // A port that nobody listens on.
      ELECTRON_MIRROR: 'http://127.0.0.1:9/',
      electron_config_cache: cache.dir,
    }
    const ended = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile(process.execPath, ['scripts/start.ts'], { cwd: repoDir, env }, (error, _stdout, stderr) =>
        resolve({ code: error?.code, stderr }),
      )
    })
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain('npm run demo')
  },
)
