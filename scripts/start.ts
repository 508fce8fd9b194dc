import { createRequire } from 'node:module'
import { dirname } from 'node:path'

import { execa } from 'execa'

import { explainMissing } from './electron/explain-missing.ts'
import { findElectron } from './electron/find-electron.ts'

/** `npm start [-- arguments of the app]`: builds the app and runs it in Electron, whose binary it fetches when it is not there. */
const packageDir = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
const electron = await findElectron(packageDir)
if (electron.isThere) process.exitCode = (await built()) ? await run(electron.path) : 1
else {
  console.error(explainMissing(electron.reason))
  process.exitCode = 1
}

async function built(): Promise<boolean> {
  const { failed } = await execa('npm', ['run', '--silent', 'build'], { stdio: 'inherit', reject: false })
  return !failed
}

/** Ctrl-C reaches the app too, which ends in its own order; this waits for it. */
async function run(electronPath: string): Promise<number> {
  process.on('SIGINT', () => undefined)
  const { exitCode } = await execa(electronPath, ['.', ...process.argv.slice(2)], {
    stdio: 'inherit',
    reject: false,
  })
  return exitCode ?? 1
}
