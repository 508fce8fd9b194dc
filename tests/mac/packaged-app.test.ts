import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { needs } from '../harness/needs.ts'
import { runProgram } from '../harness/run-program.ts'
import { makeTempDir } from '../harness/temp-dir.ts'

const [appPath = ''] = globSync('.cache/package/mac*/Mountbar.app', {
  cwd: join(import.meta.dirname, '../..'),
})

/** After electron-builder has packaged the app; with its fuses nothing can drive it, so it is only started. */
needs('macos')('the packaged app', () => {
  test('starts, and says so in its log', async () => {
    await using home = await makeTempDir('packaged')
    const appDir = join(home.dir, 'app')
    const child = spawn(join(appPath, 'Contents/MacOS/Mountbar'), [], {
      env: { ...process.env, MOUNTBAR_HOME: appDir },
      stdio: 'ignore',
    })
    try {
      await expect.poll(() => logsIn(appDir), { timeout: 60_000 }).toContain('started')
    } finally {
      child.kill()
      await once(child, 'exit')
    }
  })

  test('is an app of the menu bar with a scheme of its own, and cannot be used as Node', async () => {
    const info = await runProgram('/usr/bin/plutil', [
      '-convert',
      'json',
      '-o',
      '-',
      join(appPath, 'Contents/Info.plist'),
    ])
    expect(JSON.parse(info.stdout)).toMatchObject({
      LSUIElement: true,
      CFBundleURLTypes: [{ CFBundleURLSchemes: ['mountbar'] }],
    })
    const asNode = await runProgram(join(appPath, 'Contents/MacOS/Mountbar'), ['--version'], {
      env: { ELECTRON_RUN_AS_NODE: '1', MOUNTBAR_HOME: '/dev/null' },
      limitMs: 10_000,
    }).catch(() => ({ stdout: '' }))
    expect(asNode.stdout).not.toMatch(/^v\d+/)
  })
})

async function logsIn(dir: string): Promise<string> {
  const texts = globSync(join(dir, 'logs/*.log')).map((path) => readFile(path, 'utf8'))
  return (await Promise.all(texts)).join('\n')
}
