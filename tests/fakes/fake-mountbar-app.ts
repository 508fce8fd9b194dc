import type { MountbarApp } from '../../src-main/app/ports.ts'
import type { Happening } from '../../src-main/core/happening.ts'
import { createEmitter } from '../../src-main/lib/event.ts'
import type { CommandAnswer, Result } from '../../src-main/shared/app/answers.ts'
import { commandSchemas, type CommandInput, type CommandName } from '../../src-main/shared/app/commands.ts'
import type { Snapshot } from '../../src-main/shared/app/snapshot.ts'
import type { SerializedError } from '../../src-main/shared/errors.ts'
import { snapshotOf } from '../fixtures/snapshots.ts'

export type StopOptions = Parameters<MountbarApp['stop']>[0]

export interface FakeMountbarApp extends MountbarApp {
  readonly runs: readonly { readonly name: CommandName; readonly input: unknown }[]
  readonly awakenings: readonly string[]
  /** Stops that were asked for; each waits until it is settled, or its signal aborts. */
  readonly stops: readonly { readonly options: StopOptions; settle(stillMounted?: readonly string[]): void }[]
  publish(changes: Partial<Snapshot>): void
  tell(happening: Happening): void
  fails(name: CommandName, error: SerializedError): void
  leavesUnfinished(unfinished: { readonly mounted: number; readonly pendingUploads: number }): void
}

/** The app as its desktop sees it: does nothing, remembers what it was asked, and says what a test tells it to. */
export function fakeMountbarApp(start: Snapshot = snapshotOf()): FakeMountbarApp {
  let current = start
  let unfinished = { mounted: 0, pendingUploads: 0 }
  const published = createEmitter<Snapshot>()
  const happened = createEmitter<Happening>()
  const failures = new Map<CommandName, SerializedError>()
  const runs: { name: CommandName; input: unknown }[] = []
  const awakenings: string[] = []
  const stops: { options: StopOptions; settle(stillMounted?: readonly string[]): void }[] = []
  return {
    runs,
    awakenings,
    stops,
    published,
    happened,
    snapshot: () => current,
    run: <K extends CommandName>(name: K, input: CommandInput<K>): Promise<Result<CommandAnswer<K>>> => {
      runs.push({ name, input: commandSchemas[name].parse(input) })
      const error = failures.get(name)
      const result = error === undefined ? { ok: true, value: undefined } : { ok: false, error }
      return Promise.resolve(result as Result<CommandAnswer<K>>)
    },
    awake: (reason) => void awakenings.push(reason),
    unfinished: () => unfinished,
    stop: (options) =>
      new Promise((resolve) => {
        const settle = (stillMounted: readonly string[] = []): void => resolve({ stillMounted })
        options.signal.addEventListener('abort', () => settle(), { once: true })
        stops.push({ options, settle })
      }),
    publish: (changes) => {
      current = { ...current, ...changes, revision: current.revision + 1 }
      published.fire(current)
    },
    tell: (happening) => happened.fire(happening),
    fails: (name, error) => void failures.set(name, error),
    leavesUnfinished: (next) => {
      unfinished = next
    },
  }
}
