import type { SerializedError } from '../errors.ts'
import type { CommandInput, CommandName } from './commands.ts'
import type { Snapshot } from './snapshot.ts'
import type { StackChoice } from './stacks.ts'

export interface FileSystemChoice {
  readonly fileSystemId: string
  readonly name: string | undefined
  readonly bucket: string
  readonly prefix: string
  /** As AWS says: `available`, `creating`, `error` … */
  readonly status: string
  readonly statusMessage: string | undefined
}

/** By which address, and through which access point, a file system may be opened. */
export interface WaysIn {
  readonly servers: readonly {
    readonly host: string
    readonly port: number
    readonly label: string
    /** Reached only by a session of Systems Manager through this instance; `host` is an address of its network. */
    readonly throughInstanceId?: string | undefined
  }[]
  readonly accessPoints: readonly { readonly id: string; readonly label: string }[]
}

/** What comes back from the commands that give something; all others give nothing. */
export interface Answers {
  readonly 'snapshot.get': Snapshot
  readonly 'drive.add-sandbox': { readonly driveId: string }
  readonly 'drive.add-file-system': { readonly driveId: string }
  /** Nothing when the dialog was cancelled. */
  readonly 'dialog.choose-folder': { readonly dir: string | undefined }
  readonly 'upload.export': { readonly path: string | undefined }
  readonly 'app.save-diagnostics': { readonly path: string | undefined }
  readonly 'lookup.file-systems': readonly FileSystemChoice[]
  readonly 'lookup.ways-in': WaysIn
  readonly 'lookup.stacks': readonly StackChoice[]
}

export type CommandAnswer<K extends CommandName> = K extends keyof Answers ? Answers[K] : undefined

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: SerializedError }

/** What the preload gives a window, as `window.mountbar`. */
export interface MountbarBridge {
  invoke<K extends CommandName>(name: K, input: CommandInput<K>): Promise<Result<CommandAnswer<K>>>
  /** Each snapshot main publishes from now on. @returns what ends it. */
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void
  /** Where main wants the window to be: a tray menu's "Settings…", a notification's "Show". */
  onNavigate(listener: (place: Place) => void): () => void
}

export const viewIds = ['drives', 'activity', 'accounts', 'settings', 'add-drive'] as const
export type ViewId = (typeof viewIds)[number]
/** Where main can lead a window: a view, or the part of Settings that is about the engine. */
export type Place = ViewId | 'engine'
