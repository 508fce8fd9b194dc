import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { App, LoginItemSettings, Settings } from 'electron'

import { host } from './host.ts'
import { StandInEvent, Strict, StrictEmitter, type Emitting } from './strict.ts'
import { acquireInstanceLock } from './instance-lock.ts'

type Implemented =
  | Emitting
  | 'whenReady'
  | 'isReady'
  | 'quit'
  | 'exit'
  | 'relaunch'
  | 'focus'
  | 'hide'
  | 'show'
  | 'getVersion'
  | 'getName'
  | 'setName'
  | 'name'
  | 'getPath'
  | 'setPath'
  | 'getAppPath'
  | 'isPackaged'
  | 'getLocale'
  | 'setActivationPolicy'
  | 'setAppUserModelId'
  | 'setAboutPanelOptions'
  | 'requestSingleInstanceLock'
  | 'hasSingleInstanceLock'
  | 'releaseSingleInstanceLock'
  | 'setAsDefaultProtocolClient'
  | 'isDefaultProtocolClient'
  | 'removeAsDefaultProtocolClient'
  | 'getLoginItemSettings'
  | 'setLoginItemSettings'
  | 'enableSandbox'
  | 'setAppLogsPath'

const events = [
  'ready',
  'will-finish-launching',
  'before-quit',
  'will-quit',
  'quit',
  'window-all-closed',
  'activate',
  'second-instance',
  'open-url',
  'open-file',
  'web-contents-created',
  'browser-window-created',
  'child-process-gone',
  'render-process-gone',
  'did-become-active',
  'did-resign-active',
  'certificate-error',
  'login',
  'select-client-certificate',
] as const

export class Dock extends Strict {
  hide(): void {
    host.show({ isDockIconVisible: false })
  }
  show(): Promise<void> {
    host.show({ isDockIconVisible: true })
    return Promise.resolve()
  }
  isVisible(): boolean {
    return false
  }
  setMenu(): void {
    // Nothing shows it.
  }
}

/** Windows close when the app quits; `windows.ts` knows them, and must not be known here. */
export interface ClosesWindows {
  /** False when one of them refused. */
  closeAll(): boolean
  destroyAll(): void
}

export class StandInApp extends StrictEmitter implements Pick<App, Implemented> {
  name = 'Mountbar'
  readonly isPackaged = host.options.isPackaged
  readonly dock = new Dock()
  readonly #paths = new Map<string, string>()
  readonly #ready = Promise.withResolvers<undefined>()
  #isReady = false
  #windows: ClosesWindows | undefined
  #lock: Disposable | undefined
  #isQuitting = false

  constructor() {
    super(events)
    host.answer('quit', () => this.quit())
    host.answer('open-url', ({ url }) => void this.emit('open-url', new StandInEvent(), url))
    host.answer('activate', () => void this.emit('activate', new StandInEvent(), false))
  }

  /** When the entry point has been loaded: what it awaits at its top level, Electron waits for too. */
  becomeReady(): void {
    this.#isReady = true
    this.emit('will-finish-launching')
    this.emit('ready', new StandInEvent(), {})
    this.#ready.resolve(undefined)
  }
  joinWindows(windows: ClosesWindows): void {
    this.#windows = windows
  }
  /** As Electron: an app that does not say what then is quit. */
  windowsAllClosed(): void {
    if (this.#isQuitting) return
    if (this.listenerCount('window-all-closed') > 0) this.emit('window-all-closed')
    else this.quit()
  }

  whenReady(): Promise<void> {
    return this.#ready.promise
  }
  isReady(): boolean {
    return this.#isReady
  }
  quit(): void {
    if (this.#isQuitting) return
    this.#isQuitting = true
    if (!this.#mayQuit()) {
      this.#isQuitting = false
      return
    }
    this.exit(0)
  }
  #mayQuit(): boolean {
    if (!this.#isAllowed('before-quit')) return false
    if (this.#windows?.closeAll() === false) return false
    return this.#isAllowed('will-quit')
  }
  #isAllowed(name: 'before-quit' | 'will-quit'): boolean {
    const event = new StandInEvent()
    this.emit(name, event)
    return !event.defaultPrevented
  }
  exit(exitCode = 0): void {
    this.#isQuitting = true
    this.#windows?.destroyAll()
    this.emit('quit', new StandInEvent(), exitCode)
    this.#lock?.[Symbol.dispose]()
    process.exit(exitCode)
  }
  relaunch(): void {
    throw new Error('the Electron stand-in does not start an app again')
  }
  focus(_options?: object): void {
    // There is one app.
  }
  hide(): void {
    // As above.
  }
  show(): void {
    // As above.
  }

  getVersion(): string {
    return host.options.version
  }
  getName(): string {
    return this.name
  }
  setName(name: string): void {
    this.name = name
  }
  getLocale(): string {
    return 'en-US'
  }
  getAppPath(): string {
    return process.cwd()
  }
  getPath(name: Parameters<App['getPath']>[0]): string {
    const path = this.#paths.get(name) ?? this.#defaultPath(name)
    // As Electron's: these are there when asked for.
    if (name === 'userData' || name === 'logs' || name === 'temp' || name === 'sessionData')
      mkdirSync(path, { recursive: true })
    return path
  }
  #defaultPath(name: string): string {
    const { homeDir } = host.options
    const support = join(homeDir, 'Library/Application Support')
    const paths: Readonly<Record<string, string>> = {
      home: homeDir,
      appData: support,
      userData: join(support, this.name),
      sessionData: join(support, this.name),
      logs: join(homeDir, 'Library/Logs', this.name),
      temp: join(homeDir, 'tmp'),
      downloads: join(homeDir, 'Downloads'),
      documents: join(homeDir, 'Documents'),
      desktop: join(homeDir, 'Desktop'),
      exe: process.execPath,
    }
    const path = paths[name]
    if (path === undefined) throw new Error(`the Electron stand-in has no path '${name}'`)
    return path
  }
  setPath(name: string, path: string): void {
    this.#paths.set(name, path)
  }
  setAppLogsPath(path = this.#defaultPath('logs')): void {
    this.#paths.set('logs', path)
  }
  setActivationPolicy(): void {
    // There is no dock to be in.
  }
  setAppUserModelId(): void {
    // Windows only.
  }
  setAboutPanelOptions(): void {
    // Nothing shows it.
  }
  enableSandbox(): void {
    // Pages are sandboxed by Chromium, or not, as it was started.
  }

  requestSingleInstanceLock(additionalData?: Record<string, unknown>): boolean {
    this.#lock ??= acquireInstanceLock(
      this.getPath('userData'),
      { argv: process.argv, cwd: process.cwd(), additionalData },
      (other) => {
        this.emit('second-instance', new StandInEvent(), other.argv, other.cwd, other.additionalData)
      },
    )
    return this.#lock !== undefined
  }
  hasSingleInstanceLock(): boolean {
    return this.#lock !== undefined
  }
  releaseSingleInstanceLock(): void {
    this.#lock?.[Symbol.dispose]()
    this.#lock = undefined
  }

  readonly #protocols = new Set<string>()
  setAsDefaultProtocolClient(protocol: string): boolean {
    this.#protocols.add(protocol)
    host.show({ protocolClients: [...this.#protocols] })
    return true
  }
  removeAsDefaultProtocolClient(protocol: string): boolean {
    const wasThere = this.#protocols.delete(protocol)
    host.show({ protocolClients: [...this.#protocols] })
    return wasThere
  }
  isDefaultProtocolClient(protocol: string): boolean {
    return this.#protocols.has(protocol)
  }

  #loginItem = host.options.loginItem
  getLoginItemSettings(): LoginItemSettings {
    const { openAtLogin } = this.#loginItem
    return {
      openAtLogin,
      wasOpenedAtLogin: host.options.wasOpenedAtLogin,
      status: openAtLogin ? 'enabled' : 'not-registered',
      executableWillLaunchAtLogin: openAtLogin,
      launchItems: [],
    }
  }
  setLoginItemSettings({ openAtLogin = false, args = [] }: Settings): void {
    this.#loginItem = { openAtLogin, args }
    host.show({ loginItem: this.#loginItem })
  }
}

export const app = new StandInApp()
