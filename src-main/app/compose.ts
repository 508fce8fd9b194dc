import { statfs } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'

import type { Base } from '../composition/compose-base.ts'
import { furnishSandbox } from '../composition/sandbox/sandbox-tree.ts'
import { version } from '../lib/version.ts'
import { lookForEngines } from './engine/look-for-engines.ts'
import { startMountbarApp, type StartedApp } from './mountbar-app.ts'
import { openAwsParts } from './open-aws-parts.ts'
import type { Desktop } from './ports.ts'

/** Joins the app's core with the services and the desktop, and starts it. */
export async function composeApp(base: Base, desktop: Desktop): Promise<StartedApp> {
  // What only composing needs stays here: the app's core has a `machine` of its own.
  const { machine, ...shared } = base
  const { dirs, log } = shared
  await using opening = new AsyncDisposableStack()
  const { aws, lookup, stacks, letIn, vitals } = opening.use(await openAwsParts(base, desktop))
  const app = opening.use(
    await startMountbarApp({
      ...shared,
      aws,
      lookup,
      vitals,
      stacks,
      letIn,
      lookForEngines: lookForEngines(machine, log),
      desktop,
      isOnline: () => isOnline(),
      freeBytes: () => freeBytes(dirs.stateDir, machine.homeDir),
      makeSandbox: furnishSandbox,
      version,
    }),
  )
  const opened = opening.move()
  return { ...app, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

/** Whether it has an address that is not its own alone. */
function isOnline(): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ internal, scopeid, family }) => {
      // A link-local address comes with the cable, or with none.
      return !internal && !(family === 'IPv6' && scopeid !== 0)
    }),
  )
}

async function freeBytes(...dirs: readonly string[]): Promise<number | undefined> {
  for (const dir of dirs) {
    const stats = await statfs(dir).catch(() => undefined)
    if (stats !== undefined) return stats.bavail * stats.bsize
  }
  return undefined
}
