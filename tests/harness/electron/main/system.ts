import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import type {
  Clipboard,
  NativeTheme,
  Net,
  PowerMonitor,
  PowerSaveBlocker,
  SafeStorage,
  Shell,
} from 'electron'

import { host } from './host.ts'
import { Strict, StrictEmitter, type Emitting } from './strict.ts'

export class StandInShell
  extends Strict
  implements Pick<Shell, 'openExternal' | 'openPath' | 'showItemInFolder' | 'beep'>
{
  openExternal(url: string): Promise<void> {
    host.did({ what: 'open-external', url })
    return Promise.resolve()
  }
  /** The empty text of success. */
  openPath(path: string): Promise<string> {
    host.did({ what: 'open-path', path })
    return Promise.resolve('')
  }
  showItemInFolder(path: string): void {
    host.did({ what: 'show-in-folder', path })
  }
  beep(): void {
    host.did({ what: 'beep' })
  }
}
export const shell = new StandInShell()

export class StandInClipboard extends Strict implements Pick<Clipboard, 'readText' | 'writeText' | 'clear'> {
  #text = ''
  readText(): Promise<string> {
    return Promise.resolve(this.#text)
  }
  writeText(text: string): Promise<void> {
    this.#text = text
    host.show({ clipboardText: text })
    return Promise.resolve()
  }
  clear(): void {
    void this.writeText('')
  }
}
export const clipboard = new StandInClipboard()

export class StandInPowerMonitor
  extends StrictEmitter
  implements Pick<PowerMonitor, Emitting | 'getSystemIdleTime' | 'isOnBatteryPower'>
{
  constructor() {
    super([
      'suspend',
      'resume',
      'lock-screen',
      'unlock-screen',
      'shutdown',
      'on-ac',
      'on-battery',
      'user-did-become-active',
      'user-did-resign-active',
    ])
    host.answer('power', (event) => void this.emit(event, { preventDefault: () => undefined }))
  }
  getSystemIdleTime(): number {
    return 0
  }
  isOnBatteryPower(): boolean {
    return false
  }
}
export const powerMonitor = new StandInPowerMonitor()

export class StandInPowerSaveBlocker
  extends Strict
  implements Pick<PowerSaveBlocker, 'start' | 'stop' | 'isStarted'>
{
  #blockers: readonly { readonly id: number; readonly type: string }[] = []
  #lastId = 0
  start(type: 'prevent-app-suspension' | 'prevent-display-sleep'): number {
    this.#set([...this.#blockers, { id: ++this.#lastId, type }])
    return this.#lastId
  }
  stop(id: number): boolean {
    const wasStarted = this.isStarted(id)
    this.#set(this.#blockers.filter((blocker) => blocker.id !== id))
    return wasStarted
  }
  isStarted(id: number): boolean {
    return this.#blockers.some((blocker) => blocker.id === id)
  }
  #set(blockers: readonly { readonly id: number; readonly type: string }[]): void {
    this.#blockers = blockers
    host.show({ powerSaveBlockers: blockers })
  }
}
export const powerSaveBlocker = new StandInPowerSaveBlocker()

/** Not a cipher: it only makes sure that nobody takes the stored bytes for the text. */
export class StandInSafeStorage
  extends Strict
  implements
    Pick<
      SafeStorage,
      | 'isEncryptionAvailable'
      | 'encryptString'
      | 'decryptString'
      | 'encryptStringAsync'
      | 'decryptStringAsync'
      | 'isAsyncEncryptionAvailable'
    >
{
  isEncryptionAvailable(): boolean {
    return true
  }
  isAsyncEncryptionAvailable(): Promise<boolean> {
    return Promise.resolve(true)
  }
  encryptString(text: string): Buffer {
    return seal(text)
  }
  decryptString(encrypted: Buffer): string {
    return unseal(encrypted)
  }
  encryptStringAsync(text: string): Promise<Buffer> {
    return Promise.resolve(seal(text))
  }
  decryptStringAsync(encrypted: Buffer): ReturnType<SafeStorage['decryptStringAsync']> {
    return Promise.resolve({ result: unseal(encrypted), shouldReEncrypt: false })
  }
}
const mark = Buffer.from('stand-in')
function seal(text: string): Buffer {
  return Buffer.concat([mark, flip(Buffer.from(text))])
}
function unseal(encrypted: Buffer): string {
  if (!encrypted.subarray(0, mark.length).equals(mark))
    throw new Error('Error while decrypting the ciphertext provided to safeStorage.decryptString.')
  return flip(encrypted.subarray(mark.length)).toString()
}
function flip(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ 0x5a))
}
export const safeStorage = new StandInSafeStorage()

export class StandInNativeTheme
  extends StrictEmitter
  implements
    Pick<NativeTheme, Emitting | 'shouldUseDarkColors' | 'shouldUseHighContrastColors' | 'themeSource'>
{
  shouldUseDarkColors = host.options.isDark
  shouldUseHighContrastColors = false
  themeSource: 'system' | 'light' | 'dark' = 'system'
  constructor() {
    super(['updated'])
    host.answer('set-dark', ({ isDark }) => {
      this.shouldUseDarkColors = isDark
      this.emit('updated')
    })
  }
}
export const nativeTheme = new StandInNativeTheme()

const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  json: 'application/json',
}

export class StandInNet extends Strict implements Pick<Net, 'isOnline'> {
  online = host.options.isOnline
  constructor() {
    super()
    host.answer('set-online', ({ isOnline }) => void (this.online = isOnline))
  }
  isOnline(): boolean {
    return this.online
  }
  /** Files only: the app's own requests to the network do not go through Chromium. */
  async fetch(input: string | URL): Promise<Response> {
    const url = new URL(input)
    if (url.protocol !== 'file:')
      throw new Error(`the Electron stand-in's net.fetch reads files only, not ${url.href}`)
    const type = contentTypes[url.pathname.split('.').at(-1) ?? ''] ?? 'application/octet-stream'
    return new Response(await readFile(fileURLToPath(url)), { headers: { 'Content-Type': type } })
  }
}
export const net = new StandInNet()
