import type { HandlerDetails, WebContents, WindowOpenHandlerResponse } from 'electron'

import { host } from './host.ts'
import type { StandInSession } from './session.ts'
import { StandInEvent, Strict, StrictEmitter, type Emitting } from './strict.ts'

type Implemented =
  Emitting | 'id' | 'send' | 'setWindowOpenHandler' | 'getURL' | 'isDestroyed' | 'isLoading' | 'isCrashed'

const events = [
  'will-navigate',
  'will-frame-navigate',
  'will-redirect',
  'did-start-loading',
  'did-finish-load',
  'did-fail-load',
  'dom-ready',
  'did-navigate',
  'render-process-gone',
  'unresponsive',
  'responsive',
  'will-attach-webview',
  'destroyed',
  'before-input-event',
  'console-message',
  'preload-error',
  'context-menu',
  'did-create-window',
  'zoom-changed',
  'will-prevent-unload',
  'select-bluetooth-device',
]

/** What is known of a frame from outside of it. */
export class StandInFrame extends Strict {
  readonly url: string
  readonly parent = null
  readonly top: this = this

  constructor(url: string) {
    super()
    this.url = url
  }
  get origin(): string {
    const { protocol, host } = new URL(this.url)
    return `${protocol}//${host}`
  }
}

export class StandInWebContents extends StrictEmitter implements Pick<WebContents, Implemented> {
  readonly id: number
  readonly session: StandInSession
  #mainFrame = new StandInFrame('')
  #isLoading = false
  #isDestroyed = false
  #isCrashed = false
  #openHandler: ((details: HandlerDetails) => WindowOpenHandlerResponse) | undefined

  constructor(id: number, session: StandInSession) {
    super(events)
    this.id = id
    this.session = session
  }
  get mainFrame(): StandInFrame {
    return this.#mainFrame
  }
  /** The main frame while the page is still the one that sent from `url`. */
  frameAt(url: string): StandInFrame {
    if (this.#mainFrame.url !== url) this.#mainFrame = new StandInFrame(url)
    return this.#mainFrame
  }
  send(channel: string, ...args: unknown[]): void {
    if (this.#isDestroyed) throw new Error('Object has been destroyed')
    // As Electron: what cannot be cloned is refused here, not when it is delivered.
    void host.ask('window.send', { id: this.id, channel, args: structuredClone(args) })
  }
  setWindowOpenHandler(handler: (details: HandlerDetails) => WindowOpenHandlerResponse): void {
    this.#openHandler = handler
  }
  getURL(): string {
    return this.#mainFrame.url
  }
  isDestroyed(): boolean {
    return this.#isDestroyed
  }
  isLoading(): boolean {
    return this.#isLoading
  }
  isCrashed(): boolean {
    return this.#isCrashed
  }
  reload(): void {
    void this.load(this.getURL())
  }
  focus(): void {
    // There is one page in the window.
  }
  isDevToolsFocused(): boolean {
    return false
  }
  isDevToolsOpened(): boolean {
    return false
  }
  setVisualZoomLevelLimits(): Promise<void> {
    return Promise.resolve()
  }

  async load(url: string): Promise<void> {
    this.#isLoading = true
    this.emit('did-start-loading')
    await host.ask('window.load', { id: this.id, url })
  }
  finished(url: string): void {
    this.frameAt(url)
    this.#isLoading = false
    this.emit('dom-ready', new StandInEvent())
    this.emit('did-finish-load')
  }
  gone(reason: 'crashed' | 'killed'): void {
    this.#isCrashed = true
    this.emit('render-process-gone', new StandInEvent(), { reason, exitCode: 139 })
  }
  destroyed(): void {
    this.#isDestroyed = true
    this.emit('destroyed')
  }
  mayNavigate(url: string): boolean {
    const event = Object.assign(new StandInEvent(), { url, isMainFrame: true, isSameDocument: false })
    this.emit('will-navigate', event, url)
    if (event.defaultPrevented) host.did({ what: 'refuse-navigation', url })
    return !event.defaultPrevented
  }
  mayOpen(url: string): boolean {
    const details = { url, frameName: '', features: '', disposition: 'foreground-tab' } as HandlerDetails
    const isAllowed = (this.#openHandler?.(details) ?? { action: 'allow' }).action === 'allow'
    if (!isAllowed) host.did({ what: 'refuse-window', url })
    return isAllowed
  }
}
