import { EventEmitter } from 'node:events'

import type * as Electron from 'electron'

/**
 * As much of Electron as one file of the desktop needs, for tests of single files: `vi.mock('electron', () => import(…))`. What it did is on the
 * objects themselves. Whole flows are tested on the stand-in in `tests/harness/electron`.
 */
class FakeApp
  extends EventEmitter
  implements
    Pick<
      Electron.App,
      | 'isPackaged'
      | 'quit'
      | 'focus'
      | 'requestSingleInstanceLock'
      | 'releaseSingleInstanceLock'
      | 'setAsDefaultProtocolClient'
    >
{
  isPackaged = false
  isFirst = true
  quits = 0
  readonly protocols: string[] = []

  quit(): void {
    this.quits += 1
  }
  focus(): void {
    // There is one app.
  }
  requestSingleInstanceLock(): boolean {
    return this.isFirst
  }
  releaseSingleInstanceLock(): void {
    // Nobody else wants it.
  }
  setAsDefaultProtocolClient(protocol: string): boolean {
    return this.protocols.push(protocol) > 0
  }
}

export class FakeEvent {
  isPrevented = false
  preventDefault(): void {
    this.isPrevented = true
  }
}

class FakeContents
  extends EventEmitter
  implements Pick<Electron.WebContents, 'send' | 'focus' | 'isDestroyed'>
{
  readonly mainFrame = { url: 'mountbar-app://popover/index.html' }
  readonly sent: (readonly [channel: string, ...payload: readonly unknown[]])[] = []
  send(channel: string, ...payload: readonly unknown[]): void {
    this.sent.push([channel, ...payload])
  }
  focus(): void {
    // There is one page.
  }
  isDestroyed(): boolean {
    return false
  }
  isDevToolsFocused(): boolean {
    return false
  }
}

/** Loses the focus while it is being hidden, as windows do. */
export class BrowserWindow
  extends EventEmitter
  implements
    Pick<
      Electron.BrowserWindow,
      | 'loadURL'
      | 'show'
      | 'hide'
      | 'focus'
      | 'isVisible'
      | 'isDestroyed'
      | 'destroy'
      | 'setBounds'
      | 'setVisibleOnAllWorkspaces'
    >
{
  static last: BrowserWindow
  readonly webContents = new FakeContents()
  readonly options: Electron.BrowserWindowConstructorOptions
  readonly loads: string[] = []
  bounds: Partial<Electron.Rectangle> = {}
  #isVisible = false

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super()
    this.options = options
    BrowserWindow.last = this
  }
  loadURL(url: string): Promise<void> {
    this.loads.push(url)
    return Promise.resolve()
  }
  show(): void {
    this.#isVisible = true
  }
  hide(): void {
    if (!this.#isVisible) return
    this.emit('blur')
    this.#isVisible = false
    this.emit('hide')
  }
  focus(): void {
    // It is the only one.
  }
  isVisible(): boolean {
    return this.#isVisible
  }
  isDestroyed(): boolean {
    return false
  }
  destroy(): void {
    this.#isVisible = false
  }
  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.bounds = bounds
  }
  setVisibleOnAllWorkspaces(): void {
    // There is one.
  }
}

export class Notification
  extends EventEmitter
  implements Pick<Electron.Notification, 'show' | 'close' | 'title' | 'body'>
{
  static all: Notification[] = []
  readonly title: string
  readonly body: string
  readonly actions: readonly Electron.NotificationAction[]
  isShown = false

  constructor({ title = '', body = '', actions = [] }: Electron.NotificationConstructorOptions) {
    super()
    this.title = title
    this.body = body
    this.actions = actions
  }
  static isSupported(): boolean {
    return true
  }
  static get shown(): readonly Notification[] {
    return Notification.all.filter(({ isShown }) => isShown)
  }
  show(): void {
    this.isShown = true
    Notification.all.push(this)
  }
  close(): void {
    this.isShown = false
    this.emit('close')
  }
}

class FakeShell implements Pick<Electron.Shell, 'openExternal'> {
  readonly opened: string[] = []
  openExternal(url: string): Promise<void> {
    this.opened.push(url)
    return Promise.resolve()
  }
}

class FakeBlocker implements Pick<Electron.PowerSaveBlocker, 'start' | 'stop'> {
  readonly running = new Set<number>()
  #started = 0
  start(): number {
    this.#started += 1
    this.running.add(this.#started)
    return this.#started
  }
  stop(id: number): boolean {
    return this.running.delete(id)
  }
}

export const app = new FakeApp()
export const powerMonitor = new EventEmitter()
export const nativeTheme = { shouldUseDarkColors: false } satisfies Pick<
  Electron.NativeTheme,
  'shouldUseDarkColors'
>
export const shell = new FakeShell()
export const powerSaveBlocker = new FakeBlocker()
export const protocol = { registerSchemesAsPrivileged: () => undefined } satisfies Pick<
  Electron.Protocol,
  'registerSchemesAsPrivileged'
>
