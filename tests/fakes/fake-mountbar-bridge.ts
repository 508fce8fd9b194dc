import {
  type CommandAnswer,
  type MountbarBridge,
  type Result,
  type Place,
} from '../../src-main/shared/app/answers.ts'
import { commandSchemas, type CommandInput, type CommandName } from '../../src-main/shared/app/commands.ts'
import type { Snapshot } from '../../src-main/shared/app/snapshot.ts'
import type { ErrorArgs, ErrorCode } from '../../src-main/shared/errors.ts'

type Answer<K extends CommandName> = (
  input: CommandInput<K>,
) => Result<CommandAnswer<K>> | Promise<Result<CommandAnswer<K>>>

/** One command of the contract: what it was asked, and what it says. */
export interface FakeCommand<K extends CommandName> {
  readonly calls: CommandInput<K>[]
  /** From now on. Without it a command succeeds and gives nothing. */
  answers(answer: Answer<K>): void
  succeeds(value: CommandAnswer<K>): void
  fails(code: ErrorCode, args?: ErrorArgs): void
  /** Asked, and not answered until `release` is called. */
  hangs(): { release(): void }
}

export type FakeCommands = { readonly [K in CommandName]: FakeCommand<K> }

export interface FakeMountbarBridge {
  /** As `window.mountbar`. */
  readonly bridge: MountbarBridge
  readonly commands: FakeCommands
  /** Every call in order, `popover.resize` left out: it comes with each change of a size. */
  readonly calls: readonly { readonly name: CommandName; readonly input: unknown }[]
  /** What main knows now: with the next revision to all who listen, and to whoever asks from now on. */
  publish(snapshot: Snapshot): void
  navigate(place: Place): void
}

/**
 * Main as windows see it, made from the table of commands. Every input is parsed as main parses it: a window that sends
 * what main would refuse fails the same way here, with `message-invalid`.
 */
export function fakeMountbarBridge(start: Snapshot): FakeMountbarBridge {
  let current = start
  const calls: { name: CommandName; input: unknown }[] = []
  const snapshotListeners = new Set<(snapshot: Snapshot) => void>()
  const navigateListeners = new Set<(place: Place) => void>()
  const answers = new Map<CommandName, (input: never) => unknown>()
  const recorded = new Map<CommandName, unknown[]>()

  const commandFor = <K extends CommandName>(name: K): FakeCommand<K> => {
    const own: CommandInput<K>[] = []
    recorded.set(name, own)
    const answer = (next: Answer<K>): void => void answers.set(name, next)
    return {
      calls: own,
      answers: answer,
      succeeds: (value) => answer(() => ({ ok: true, value })),
      fails: (code, args = {}) => answer(() => ({ ok: false, error: { code, args } })),
      hangs: () => {
        const gate = Promise.withResolvers<undefined>()
        answer(async () => {
          await gate.promise
          return { ok: true, value: undefined as CommandAnswer<K> }
        })
        return { release: () => gate.resolve(undefined) }
      },
    }
  }
  const names = Object.keys(commandSchemas) as readonly CommandName[]
  const commands = Object.fromEntries(
    names.map((name) => [name, commandFor(name)]),
  ) as unknown as FakeCommands
  commands['snapshot.get'].answers(() => ({ ok: true, value: current }))

  const bridge = {
    async invoke<K extends CommandName>(name: K, input: CommandInput<K>): Promise<Result<CommandAnswer<K>>> {
      if (name !== 'popover.resize') calls.push({ name, input })
      recorded.get(name)?.push(input)
      const parsed = commandSchemas[name].safeParse(input)
      if (!parsed.success)
        return { ok: false, error: { code: 'message-invalid', args: { reason: parsed.error.message } } }
      const answer = answers.get(name) as Answer<K> | undefined
      return answer === undefined ? { ok: true, value: undefined as CommandAnswer<K> } : answer(input)
    },
    onSnapshot(listener) {
      snapshotListeners.add(listener)
      return () => snapshotListeners.delete(listener)
    },
    onNavigate(listener) {
      navigateListeners.add(listener)
      return () => navigateListeners.delete(listener)
    },
  } satisfies MountbarBridge

  return {
    bridge,
    commands,
    calls,
    publish: (snapshot) => {
      current = { ...snapshot, revision: current.revision + 1 }
      for (const listener of snapshotListeners) listener(current)
    },
    navigate: (place) => {
      for (const listener of navigateListeners) listener(place)
    },
  }
}
