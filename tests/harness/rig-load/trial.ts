import { systemClock } from '../../../src-main/lib/clock.ts'
import { waitFor } from '../wait-for.ts'
import type { Chain } from './chain.ts'
import { versionOf } from './content.ts'
import type { Fault } from './faults.ts'
import { Load } from './load.ts'
import type { Observations } from './observations.ts'

/** From the end of a fault until a save made after it is on the server. Emulated processors take their share of it. */
export const recoveryLimitMs = 180_000
/** From then on until everything that was accepted meanwhile is there, too. */
export const drainLimitMs = 180_000
const calmLimitMs = 120_000

/** What one fault did to a drive at work. */
export interface Outcome {
  readonly fault: Fault
  /** Until the bridge said that it was not ready; absent where that was over before anybody looked. */
  readonly noticedAfterMs: number | undefined
  readonly seen: Observations
  /** From the fault's beginning until all was well. */
  readonly outageMs: number
  readonly recoveredAfterMs: number
  readonly drainedAfterMs: number
  /** Containers that are others than before. */
  readonly madeAnew: readonly string[]
}

/**
 * Breaks `chain` while a load is on it, waits until it has mended itself, and compares both ends. What was wrong is in `seen.wrongs`.
 * @throws when it does not mend itself within the limits.
 */
export async function tryFault(chain: Chain, fault: Fault, folder: string): Promise<Outcome> {
  const { front, bridge } = chain
  const load = await Load.start({ url: front.url, folder })
  try {
    await waitFor(() => load.rounds >= 2, { what: 'the load to be under way', limitMs: calmLimitMs })
    const before = await chain.containerIds()
    load.seen.forgetWaits()
    const struckMs = systemClock.monotonicMs()
    let noticedAfterMs: number | undefined
    using _noticing = bridge.bridge.stateChanged.on(({ kind }) => {
      if (kind !== 'ready') noticedAfterMs ??= systemClock.monotonicMs() - struckMs
    })
    using watch = watchServer(chain, load)
    await fault.strike(chain)
    const overMs = systemClock.monotonicMs()
    await untilRecovered(chain, load)
    const recoveredMs = systemClock.monotonicMs()
    await load.stop()
    await untilDrained(chain)
    const drainedMs = systemClock.monotonicMs()
    const isTidy = async (): Promise<boolean> => (await chain.containerCount()) === 2
    await waitFor(isTidy, { what: 'dead containers to be removed', limitMs: recoveryLimitMs, everyMs: 1_000 })
    await watch.stop()
    await compareEnds(chain, load)
    const after = await chain.containerIds()
    return {
      fault,
      noticedAfterMs,
      seen: load.seen,
      outageMs: recoveredMs - struckMs,
      recoveredAfterMs: recoveredMs - overMs,
      drainedAfterMs: drainedMs - recoveredMs,
      madeAnew: (['agent', 'tunnel'] as const).filter((role) => before[role] !== after[role]),
    }
  } catch (error) {
    const { uploads, health } = await front.status()
    const facts = { bridge: bridge.bridge.state(), health, uploads, wrongs: load.seen.wrongs.slice(0, 10) }
    const log = chain.rig.logLines.slice(-30).join('\n')
    throw new Error(`${String(error)}\n${JSON.stringify(facts)}\n${log}`, { cause: error })
  } finally {
    await load.stop()
    load[Symbol.dispose]()
  }
}

async function untilRecovered(chain: Chain, load: Load): Promise<void> {
  const path = `${load.folder}/afterwards`
  const isThere = async (): Promise<boolean> => (await chain.serverFile(path)) !== undefined
  await load.save(path, 100)
  await waitFor(isThere, { what: 'a save made after the fault', limitMs: recoveryLimitMs })
  const isWell = async (): Promise<boolean> =>
    chain.bridge.bridge.state().kind === 'ready' && (await chain.front.status()).health === 'ok'
  await waitFor(isWell, { what: 'bridge and front to be well', limitMs: recoveryLimitMs, everyMs: 200 })
}

async function untilDrained({ front }: Chain): Promise<void> {
  const isDrained = async (): Promise<boolean> => {
    const { pending, attention } = (await front.status()).uploads
    return pending + attention === 0
  }
  await waitFor(isDrained, { what: 'all uploads to be delivered', limitMs: drainLimitMs, everyMs: 200 })
}

interface ServerWatch extends Disposable {
  stop(): Promise<void>
}

/** Looks at the server's side all the time: whatever is there under its name is whole. */
function watchServer(chain: Chain, load: Load): ServerWatch {
  const stopping = new AbortController()
  const isOver = (): boolean => stopping.signal.aborted
  const watch = async (): Promise<void> => {
    const lastSeen = new Map<string, number>()
    while (!isOver()) {
      for (const name of await chain.serverNames(load.folder).catch(() => [])) {
        const path = `${load.folder}/${name}`
        // It may be moved away before it is looked at; beside its place it has the name of what it will be.
        const content = name.includes('.saving-') ? undefined : await chain.serverFile(path)
        if (content === undefined || isOver()) continue
        const version = load.check('on the server', path, content)
        if (version < (lastSeen.get(path) ?? 0)) load.seen.wrong(`${path}: version ${version} is back`)
        lastSeen.set(path, version)
      }
      await systemClock.sleep(500, stopping.signal).catch(() => undefined)
    }
  }
  const watching = watch().catch((error: unknown) => load.seen.wrong(String(error)))
  return {
    stop: async () => {
      stopping.abort()
      await watching
    },
    [Symbol.dispose]: () => stopping.abort(),
  }
}

/** When all is delivered, server and front have the newest of each file, and nothing else. */
async function compareEnds(chain: Chain, load: Load): Promise<void> {
  const known = load.files.acknowledged()
  for (const [path, { name, acknowledged }] of known) {
    const content = await chain.serverFile(path)
    if (content === undefined) load.seen.wrong(`${path} is not on the server`)
    else if (versionOf(name, content) !== acknowledged) {
      load.seen.wrong(`${path} on the server: not version ${acknowledged}`)
    }
  }
  const expected = new Set(known.map(([path]) => path.split('/').at(-1)))
  for (const name of await chain.serverNames(load.folder)) {
    if (!expected.has(name)) load.seen.wrong(`${name} should not be on the server`)
  }
  await load.readAll()
  const { conflicts } = (await chain.front.status()).uploads
  if (conflicts > 0) load.seen.wrong(`${conflicts} conflicts that nobody made`)
}
