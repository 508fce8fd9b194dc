import { join } from 'node:path'

import { app } from 'electron'

import { composeApp } from './app/compose.ts'
import { routeCommands } from './app/ipc/route-commands.ts'
import { utilityFronts } from './app/ipc/utility-front.ts'
import { tellNotStarted } from './app/shell/dialogs.ts'
import { openDesktop } from './app/shell/open-desktop.ts'
import { claimInstance, type Instance } from './app/shell/single-instance.ts'
import { composeBase, logPathOf, type Base } from './composition/compose-base.ts'
import { pathBesideProgram } from './composition/machine.ts'
import { thisMachine } from './composition/this-machine.ts'

/** Not awaited here: Electron becomes ready only when this module has been evaluated. */
const instance = claimInstance()
if (instance !== undefined) start(instance)

function start(claimed: Instance): void {
  const base = composeBase({ ...thisMachine(import.meta.url), startProgram: utilityFronts })
  const { log } = base
  process.on('uncaughtException', (error) => log.error('app', 'uncaught', { error }))
  process.on('unhandledRejection', (error) => log.error('app', 'unhandled', { error }))
  run(claimed, base).catch((error: unknown) => {
    log.error('app', 'not started', { error })
    tellNotStarted(error, logPathOf(base.dirs))
    app.exit(1)
  })
}

async function run(claimed: Instance, base: Base): Promise<void> {
  const { machine, clock, log } = base
  const desktop = await openDesktop({
    instance: claimed,
    clock,
    logger: log,
    rendererDir: pathBesideProgram(machine, './renderer'),
    preloadPath: pathBesideProgram(machine, './preload.cjs'),
    iconsDir: app.isPackaged
      ? join(process.resourcesPath, 'icons')
      : pathBesideProgram(machine, '../resources/icons'),
  })
  const mountbar = await composeApp(base, desktop)
  routeCommands({ mountbar, page: desktop.page, log })
  desktop.connect(mountbar)
  log.info('app', 'started', { pid: process.pid })
}
