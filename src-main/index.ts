import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { app } from 'electron'

import { composeApp } from './app/compose.ts'
import { routeCommands } from './app/ipc/route-commands.ts'
import { utilityFronts } from './app/ipc/utility-front.ts'
import { openDesktop } from './app/shell/open-desktop.ts'
import { claimInstance, type Instance } from './app/shell/single-instance.ts'
import { composeBase, type Base } from './composition/compose-base.ts'

/** Not awaited here: Electron becomes ready only when this module has been evaluated. */
const instance = claimInstance()
if (instance !== undefined) start(instance)

function start(claimed: Instance): void {
  const base = composeBase({
    platform: process.platform,
    env: process.env,
    homeDir: homedir(),
    // Of "Annas-MacBook.local" the part that people know.
    hostName: hostname().split('.')[0] || 'this computer',
    nodePath: process.execPath,
    nodeVersion: process.version,
    programUrl: import.meta.url,
    startProgram: utilityFronts,
  })
  const { log } = base
  process.on('uncaughtException', (error) => log.error('app', 'uncaught', { error }))
  process.on('unhandledRejection', (error) => log.error('app', 'unhandled', { error }))
  run(claimed, base).catch((error: unknown) => {
    log.error('app', 'not started', { error })
    app.exit(1)
  })
}

async function run(claimed: Instance, base: Base): Promise<void> {
  const { clock, log } = base
  const desktop = await openDesktop({
    instance: claimed,
    clock,
    logger: log,
    rendererDir: besideProgram('./renderer'),
    preloadPath: besideProgram('./preload.cjs'),
    iconsDir: app.isPackaged ? join(process.resourcesPath, 'icons') : besideProgram('../resources/icons'),
  })
  const mountbar = await composeApp(base, desktop)
  routeCommands({ mountbar, page: desktop.page, log })
  desktop.connect(mountbar)
  log.info('app', 'started', { pid: process.pid })
}

function besideProgram(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
