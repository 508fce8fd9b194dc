import { readFileSync } from 'node:fs'

import type {
  BrowserWindow as ElectronWindow,
  BrowserWindowConstructorOptions,
  Rectangle,
  WebPreferences,
} from 'electron'

import { app } from './app.ts'
import { host } from './host.ts'
import { ipcMain } from './ipc-main.ts'
import { StandInEvent, StrictEmitter, type Emitting } from './strict.ts'
import { session, type StandInSession } from './session.ts'
import { StandInWebContents } from './web-contents.ts'

type Implemented =
  | Emitting
  | 'id'
  | 'loadURL'
  | 'show'
  | 'showInactive'
  | 'hide'
  | 'focus'
  | 'blur'
  | 'isVisible'
  | 'isFocused'
  | 'isDestroyed'
  | 'close'
  | 'destroy'
  | 'getBounds'
  | 'setBounds'
  | 'getSize'
  | 'setSize'
  | 'setContentSize'
  | 'getContentSize'
  | 'getPosition'
  | 'setPosition'
  | 'setVisibleOnAllWorkspaces'
  | 'setAlwaysOnTop'
  | 'setMenu'
  | 'setSkipTaskbar'
  | 'setMenuBarVisibility'
  | 'setWindowButtonVisibility'

const events = [
  'show',
  'hide',
  'focus',
  'blur',
  'close',
  'closed',
  'ready-to-show',
  'resize',
  'resized',
  'move',
  'moved',
  'unresponsive',
  'responsive',
  'page-title-updated',
]

const windows = new Map<number, BrowserWindow>()

/** A window that is a page of a Chromium without a head: nobody sees whether it is shown, so that is kept here. */
export class BrowserWindow extends StrictEmitter implements Pick<ElectronWindow, Implemented> {
  readonly id = windows.size + 1
  readonly webContents: StandInWebContents
  readonly #created: Promise<unknown>
  #bounds: Rectangle
  #isVisible: boolean
  #isFocused = false
  #isDestroyed = false

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super(events)
    const { x = 0, y = 0, width = 800, height = 600, show = true, webPreferences = {} } = options
    refuseUnsafe(webPreferences)
    this.#bounds = { x, y, width, height }
    this.#isVisible = show
    this.webContents = new StandInWebContents(this.id, sessionOf(webPreferences))
    windows.set(this.id, this)
    const preloadSource =
      webPreferences.preload === undefined ? undefined : readFileSync(webPreferences.preload, 'utf8')
    this.#created = host.ask('window.create', { id: this.id, bounds: this.#bounds, preloadSource })
    app.emit('browser-window-created', new StandInEvent(), this)
    app.emit('web-contents-created', new StandInEvent(), this.webContents)
    showWindows()
  }
  static getAllWindows(): BrowserWindow[] {
    return [...windows.values()].filter((window) => !window.isDestroyed())
  }
  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.isFocused()) ?? null
  }
  static fromWebContents(webContents: object): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.webContents === webContents) ?? null
  }
  static fromId(id: number): BrowserWindow | null {
    return windows.get(id) ?? null
  }

  async loadURL(url: string): Promise<void> {
    await this.#created
    await this.webContents.load(url)
  }
  loadFile(): never {
    throw new Error('the Electron stand-in loads pages from a scheme of the app (protocol.handle) only')
  }
  show(): void {
    this.showInactive()
    this.focus()
  }
  showInactive(): void {
    if (this.#isVisible) return
    this.#isVisible = true
    this.emit('show')
    showWindows()
  }
  hide(): void {
    if (!this.#isVisible) return
    this.blur()
    this.#isVisible = false
    this.emit('hide')
    showWindows()
  }
  focus(): void {
    if (this.#isFocused || !this.#isVisible) return
    BrowserWindow.getFocusedWindow()?.blur()
    this.#isFocused = true
    this.emit('focus')
    showWindows()
  }
  blur(): void {
    if (!this.#isFocused) return
    this.#isFocused = false
    this.emit('blur')
    showWindows()
  }
  isVisible(): boolean {
    return this.#isVisible
  }
  isFocused(): boolean {
    return this.#isFocused
  }
  isDestroyed(): boolean {
    return this.#isDestroyed
  }
  close(): void {
    this.tryClose()
  }
  /** False when a listener would not have it. */
  tryClose(): boolean {
    const event = new StandInEvent()
    this.emit('close', event)
    if (!event.defaultPrevented) this.destroy()
    return !event.defaultPrevented
  }
  destroy(): void {
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    this.#isVisible = false
    this.webContents.destroyed()
    void host.ask('window.destroy', { id: this.id })
    this.emit('closed')
    showWindows()
    if (BrowserWindow.getAllWindows().length === 0) app.windowsAllClosed()
  }

  getBounds(): Rectangle {
    return this.#bounds
  }
  setBounds(bounds: Partial<Rectangle>): void {
    const was = this.#bounds
    this.#bounds = { ...was, ...bounds }
    const { width, height } = this.#bounds
    if (width !== was.width || height !== was.height) {
      void this.#created.then(() => host.ask('window.resize', { id: this.id, width, height }))
      this.emit('resize')
    }
    showWindows()
  }
  getSize(): number[] {
    return [this.#bounds.width, this.#bounds.height]
  }
  setSize(width: number, height: number): void {
    this.setBounds({ width, height })
  }
  getContentSize(): number[] {
    return this.getSize()
  }
  setContentSize(width: number, height: number): void {
    this.setSize(width, height)
  }
  getPosition(): number[] {
    return [this.#bounds.x, this.#bounds.y]
  }
  setPosition(x: number, y: number): void {
    this.setBounds({ x, y })
  }
  setVisibleOnAllWorkspaces(): void {
    // There is one.
  }
  setAlwaysOnTop(): void {
    // Nothing is in the way.
  }
  setBackgroundColor(): void {
    // Seen before the page is, which is never here.
  }
  setMenu(): void {
    // Not on macOS.
  }
  setSkipTaskbar(): void {
    // There is none.
  }
  setMenuBarVisibility(): void {
    // Not on macOS.
  }
  setWindowButtonVisibility(): void {
    // Nobody sees them.
  }
}

function refuseUnsafe({ sandbox, contextIsolation, nodeIntegration, webSecurity }: WebPreferences): void {
  if (sandbox === false || contextIsolation === false || nodeIntegration === true || webSecurity === false)
    throw new Error('the Electron stand-in has sandboxed, isolated windows only')
}

function sessionOf({ session: own, partition }: WebPreferences): StandInSession {
  if (own !== undefined) return own as unknown as StandInSession
  return partition === undefined ? session.defaultSession : session.fromPartition(partition)
}

function showWindows(): void {
  host.show({
    windows: BrowserWindow.getAllWindows().map((window) => ({
      id: window.id,
      bounds: window.getBounds(),
      isVisible: window.isVisible(),
      isFocused: window.isFocused(),
      url: window.webContents.getURL(),
    })),
  })
}

/** What the pages of windows ask and tell. */
export function answerForWindows(): void {
  const contents = (id: number): StandInWebContents => windows.get(id)!.webContents
  const event = ({ windowId, frameUrl }: { windowId: number; frameUrl: string }): object =>
    Object.assign(new StandInEvent(), {
      type: 'frame',
      frameId: 1,
      processId: windowId,
      sender: contents(windowId),
      senderFrame: contents(windowId).frameAt(frameUrl),
    })
  host.answer('page.invoke', (message) => ipcMain.invoke(event(message), message.channel, message.args))
  host.answer('page.send', (message) => ipcMain.deliver(event(message), message.channel, message.args))
  host.answer('page.will-navigate', ({ windowId, url }) => ({
    isAllowed: contents(windowId).mayNavigate(url),
  }))
  host.answer('page.request', (request) => contents(request.windowId).session.answer(request))
  host.answer('ask-permission', async ({ windowId, permission }) => ({
    isGranted: await contents(windowId).session.grants(permission),
  }))
  host.answer('page.open', ({ windowId, url }) => ({
    isAllowed: contents(windowId).mayOpen(url),
  }))
  host.answer('page.gone', ({ windowId, reason }) => contents(windowId).gone(reason))
  host.answer('page.finished', ({ windowId, url }) => {
    contents(windowId).finished(url)
    windows.get(windowId)!.emit('ready-to-show')
    showWindows()
  })
  host.answer('window.blur', () => BrowserWindow.getFocusedWindow()?.blur())
  host.answer('window.close', ({ id }) => windows.get(id)?.close())
  app.joinWindows({
    closeAll: () => BrowserWindow.getAllWindows().every((window) => window.tryClose()),
    destroyAll: () => BrowserWindow.getAllWindows().forEach((window) => window.destroy()),
  })
}
