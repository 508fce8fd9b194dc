import { mkdir, statfs, writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'

import type { Base } from '../composition/compose-base.ts'
import { version } from '../lib/version.ts'
import { lookForEngines } from './engine/look-for-engines.ts'
import { startMountbarApp, type StartedApp } from './mountbar-app.ts'
import { noStacks } from './no-stacks.ts'
import { openAwsParts } from './open-aws-parts.ts'
import type { Desktop } from './ports.ts'

/** Joins the app's core with the services and the desktop, and starts it. */
export async function composeApp(base: Base, desktop: Desktop): Promise<StartedApp> {
  const { machine, dirs, log } = base
  await using opening = new AsyncDisposableStack()
  const { aws, lookup, listStacks, vitals } = opening.use(await openAwsParts(base, desktop))
  const app = opening.use(
    await startMountbarApp({
      ...base,
      aws,
      lookup,
      vitals,
      stacks: { ...noStacks, list: listStacks },
      lookForEngines: lookForEngines(machine, log),
      desktop,
      isOnline: () => isOnline(),
      freeBytes: () => freeBytes(dirs.stateDir, machine.homeDir),
      makeSandbox,
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

const welcome = `This is the Sandbox: a drive that needs no cloud account.

Save something here, and watch it in Mountbar: it is delivered to a folder on this Mac,
and a simulated bucket shows how long S3 Files would take to have it in S3.
`

async function makeSandbox(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  // One that is there, or was deleted from a Sandbox that is in use, is left as it is.
  const welcomePath = join(dir, 'Welcome to Mountbar.txt')
  await writeFile(welcomePath, welcome, { flag: 'wx' }).catch(() => undefined)
}
