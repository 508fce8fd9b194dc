import type { Happening } from '../core/happening.ts'
import type { Event } from '../lib/event.ts'
import type { CommandAnswer, Result, Place } from '../shared/app/answers.ts'
import type { CommandInput, CommandName } from '../shared/app/commands.ts'
import type { LinkId, Snapshot, UpdateView } from '../shared/app/snapshot.ts'

/**
 * Where the two halves of the app meet: `MountbarApp` knows drives, accounts and engines and has never heard of Electron; `Desktop` is the
 * screen, the clipboard, the menu bar. Each is tested without the other.
 */
export interface MountbarApp {
  snapshot(): Snapshot
  /** Each snapshot, at most some ten a second. */
  readonly published: Event<Snapshot>
  /** What a person may want to hear of although they are not looking. Facts, each told once; whether it is shown is the notifier's business. */
  readonly happened: Event<Happening>
  /** Parses the input, does it, and never rejects. */
  run<K extends CommandName>(name: K, input: CommandInput<K>): Promise<Result<CommandAnswer<K>>>
  /** The machine woke up, was unlocked, or changed its network. */
  awake(reason: 'resume' | 'unlock' | 'network'): void
  /** What quitting would cut short; quitting asks first when there is something. */
  unfinished(): { readonly mounted: number; readonly pendingUploads: number }
  /**
   * Unmounts what this process holds and ends it, within `limitMs`. `wait`: until what was saved is delivered. What refuses to go (files in use)
   * is named; what is pending is kept for the next mount.
   */
  stop(options: {
    readonly wait: boolean
    readonly force: boolean
    readonly limitMs: number
    readonly signal: AbortSignal
  }): Promise<{ readonly stillMounted: readonly string[] }>
}

/** The part of the desktop that commands need. */
export interface Desktop {
  revealPath(path: string): void
  openPath(path: string): Promise<void>
  openUrl(url: string): Promise<boolean>
  openLink(link: LinkId): Promise<void>
  copyText(text: string): void
  /** `undefined` when it was cancelled. */
  chooseFolder(options: { readonly title: string }): Promise<string | undefined>
  chooseSavePath(options: {
    readonly title: string
    readonly defaultName: string
  }): Promise<string | undefined>
  resizePopover(height: number): void
  hidePopover(): void
  showView(view: Place): void
  opensAtLogin(): boolean
  setOpensAtLogin(isOn: boolean): void
  readonly updates: Updates
  /** Ends the app by its quitting procedure. */
  quit(): void
}

export interface Updates {
  readonly view: UpdateView
  readonly changed: Event<UpdateView>
  setChannel(channel: 'stable' | 'beta'): void
  /** Quits by the procedure, then installs. */
  install(): void
}
