import { createEmitter } from '../../lib/event.ts'
import type { Clock, Timer } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { UpdateView } from '../../shared/app/snapshot.ts'
import type { Updates } from '../ports.ts'
import type { AppUpdater } from 'electron-updater'

/** The part of electron-updater that is used. */
export type UpdaterLibrary = Pick<
  AppUpdater,
  | 'allowPrerelease'
  | 'autoDownload'
  | 'autoInstallOnAppQuit'
  | 'checkForUpdates'
  | 'logger'
  | 'quitAndInstall'
> & {
  on(
    event: 'update-available' | 'update-downloaded',
    listener: (info: { readonly version: string }) => void,
  ): unknown
  on(event: 'download-progress', listener: (info: { readonly percent: number }) => void): unknown
  on(event: 'update-not-available' | 'error', listener: () => void): unknown
}

export interface ShellUpdates extends Updates, Disposable {
  /** Instead of quitting, once everything has ended. */
  finishInstalling(): void
}

export interface UpdaterParts {
  /** Only an installed app has something to replace. */
  readonly isPackaged: boolean
  readonly load: () => Promise<UpdaterLibrary>
  readonly clock: Clock
  readonly logger: Logger
  /** Ends the app by its procedure, and calls `finishInstalling` last. */
  readonly quitToInstall: () => void
}

const firstCheckMs = 60_000
const everyMs = 6 * 60 * 60_000

/** Looks for new versions, and downloads them, without being asked; installs none before a person quits or says so. */
export function createUpdates({
  isPackaged,
  load,
  clock,
  logger,
  quitToInstall,
}: UpdaterParts): ShellUpdates {
  const changed = createEmitter<UpdateView>()
  let view: UpdateView = { kind: 'none' }
  let library: UpdaterLibrary | undefined
  let isBeta = false
  let timer: Timer | undefined

  const put = (next: UpdateView): void => {
    view = next
    changed.fire(next)
  }
  const isReady = (): boolean => view.kind === 'ready'

  const check = async (): Promise<void> => {
    try {
      library ??= watch(await load())
      library.allowPrerelease = isBeta
      await library.checkForUpdates()
    } catch (error) {
      logger.warn('updates', 'not checked', { error })
    }
  }
  const checkEvery = (inMs: number): void => {
    timer?.[Symbol.dispose]()
    timer = clock.setTimeout(() => {
      void check()
      checkEvery(everyMs)
    }, inMs)
  }

  const watch = (updater: UpdaterLibrary): UpdaterLibrary => {
    // Its own lines name addresses and paths; what matters of them is in the events.
    updater.logger = null
    updater.autoDownload = true
    updater.autoInstallOnAppQuit = true
    updater.on('update-available', ({ version }) => {
      if (!isReady()) put({ kind: 'downloading', version, percent: 0 })
    })
    updater.on('download-progress', ({ percent }) => {
      const whole = Math.floor(percent)
      if (view.kind === 'downloading' && view.percent !== whole) put({ ...view, percent: whole })
    })
    updater.on('update-downloaded', ({ version }) => put({ kind: 'ready', version }))
    const onNothing = (): void => {
      if (view.kind === 'downloading') put({ kind: 'none' })
    }
    updater.on('update-not-available', onNothing)
    updater.on('error', onNothing)
    return updater
  }

  if (isPackaged) checkEvery(firstCheckMs)
  return {
    get view() {
      return view
    },
    changed,
    setChannel: (channel) => {
      if (isBeta === (channel === 'beta')) return
      isBeta = channel === 'beta'
      if (library !== undefined) void check()
    },
    install: () => {
      if (isReady()) quitToInstall()
    },
    finishInstalling: () => library?.quitAndInstall(),
    [Symbol.dispose]: () => timer?.[Symbol.dispose](),
  }
}

/** Loaded when it is first needed, because it is large. */
export async function loadElectronUpdater(): Promise<UpdaterLibrary> {
  const { default: electronUpdater } = await import('electron-updater')
  return electronUpdater.autoUpdater
}
