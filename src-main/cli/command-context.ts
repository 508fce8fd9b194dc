import type { Clock } from '../lib/clock.ts'
import type { HostDirs } from '../lib/host-dirs.ts'
import type { Logger } from '../lib/logger.ts'
import type { Diagnostics } from '../services/diagnostics/diagnostics.ts'
import type { Drives } from '../services/drives/drives.ts'
import type { MfaDesk } from '../composition/aws/mfa-desk.ts'
import type { Aws } from '../composition/aws/open-aws.ts'
import type { Connections } from '../composition/stacks/connections.ts'
import type { Stacks } from '../composition/stacks/open-stacks.ts'
import type { AskMfaCode } from '../services/credentials/ports.ts'
import type { Exit } from './exit-codes.ts'
import type { Interrupts } from './interrupts.ts'
import type { SpawnKeeper } from './keeper/spawn-keeper.ts'
import type { Terminal } from './output/terminal.ts'

/** The services a command works with, joined in `compose.ts`. */
export interface Services {
  readonly drives: Drives
  readonly diagnostics: Diagnostics
  /** Loaded when it is asked for; whoever has it disposes it. */
  readonly stacks: (askMfaCode: AskMfaCode) => Promise<Stacks & Disposable>
  /** The same, with what lies between drives and stacks. */
  readonly connections: (
    askMfaCode?: AskMfaCode,
  ) => Promise<Connections & { readonly stacks: Stacks } & Disposable>
  readonly spawnKeeper: SpawnKeeper
  /** Loaded when it is asked for: most commands have nothing to do with AWS. */
  readonly aws: () => Promise<Aws>
  readonly mfa: MfaDesk
  readonly dirs: HostDirs
  readonly clock: Clock
  readonly log: Logger
}

/** What every command gets. */
export interface CommandContext {
  readonly services: Services
  readonly terminal: Terminal
  readonly interrupts: Interrupts
  /** Shown as `~` in paths. */
  readonly homeDir: string
  /** How the command ended, when not with `ok`. Errors are thrown instead. */
  readonly finish: (exit: Exit) => void
}
