import type { joinWorlds } from './join-worlds.ts'
import type { packValue, unpackValue } from './pack.ts'

/** What comes from main: the answer to a question, or a message. */
export type ToPage =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly message: string }
  | { readonly kind: 'message'; readonly channel: string; readonly args: readonly unknown[] }

export type FromPage =
  | {
      readonly kind: 'invoke'
      readonly id: number
      readonly channel: string
      readonly args: readonly unknown[]
    }
  | { readonly kind: 'send'; readonly channel: string; readonly args: readonly unknown[] }

interface Tools {
  readonly joinWorlds: typeof joinWorlds
  readonly packValue: typeof packValue
  readonly unpackValue: typeof unpackValue
}

/**
 * Runs in an isolated world of the page, before any script of the page: Electron's side of a sandboxed preload, then the preload itself.
 * Knows nothing from outside of itself: its text is what runs in the page.
 */
export function preloadWorld(
  { joinWorlds, packValue, unpackValue }: Tools,
  names: { readonly send: string; readonly receive: string },
  runPreload: (require: (name: string) => unknown, module: object, process: object) => void,
  versions: Readonly<Record<string, string>>,
): void {
  const world = globalThis as unknown as {
    top: unknown
    window: unknown
    standInSend(text: string): void
    standInReceive?: (text: string) => void
  }
  // As in Electron, frames inside of the page get none.
  if (world.top !== world.window) return

  type Listener = (event: object, ...args: unknown[]) => void
  const missing = (name: string) => (of: object, property: string | symbol) => {
    if (typeof property === 'symbol' || property in of) return Reflect.get(of, property) as unknown
    throw new Error(`the Electron stand-in has no ${name}.${property}`)
  }
  const strict = <T extends object>(name: string, of: T): T => new Proxy<T>(of, { get: missing(name) })

  class IpcRenderer {
    readonly #listeners = new Map<string, Set<Listener>>()
    readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
    #lastId = 0

    readonly invoke = (channel: string, ...args: unknown[]): Promise<unknown> => {
      const id = ++this.#lastId
      const text = JSON.stringify(packValue({ kind: 'invoke', id, channel, args }))
      return new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject })
        world.standInSend(text)
      }).catch((error: unknown) => {
        const { message } = error as Error
        throw new Error(`Error invoking remote method '${channel}': Error: ${message}`)
      })
    }
    readonly send = (channel: string, ...args: unknown[]): void =>
      world.standInSend(JSON.stringify(packValue({ kind: 'send', channel, args })))
    readonly on = (channel: string, listener: Listener): this => {
      const known = this.#listeners.get(channel) ?? new Set()
      this.#listeners.set(channel, known.add(listener))
      return this
    }
    readonly addListener = this.on
    readonly once = (channel: string, listener: Listener): this => {
      const first: Listener = (event, ...args) => {
        this.off(channel, first)
        listener(event, ...args)
      }
      return this.on(channel, first)
    }
    readonly off = (channel: string, listener: Listener): this => {
      this.#listeners.get(channel)?.delete(listener)
      return this
    }
    readonly removeListener = this.off
    readonly removeAllListeners = (channel: string): this => {
      this.#listeners.delete(channel)
      return this
    }

    static readonly deliver = (ipc: IpcRenderer, event: object, message: ToPage): void => {
      if (message.kind === 'message') {
        for (const listener of [...(ipc.#listeners.get(message.channel) ?? [])])
          listener(event, ...message.args)
        return
      }
      const waiting = ipc.#waiting.get(message.id)
      ipc.#waiting.delete(message.id)
      if (message.kind === 'answer') waiting?.resolve(message.value)
      else waiting?.reject(new Error(message.message))
    }
  }

  const ipc = new IpcRenderer()
  const ipcRenderer = strict('ipcRenderer', ipc)
  world.standInReceive = (text) =>
    IpcRenderer.deliver(ipc, { sender: ipcRenderer }, unpackValue(JSON.parse(text)) as ToPage)

  const bridge = joinWorlds(names, () => undefined)
  const contextBridge = strict('contextBridge', {
    exposeInMainWorld: (name: string, value: unknown) => bridge.expose(name, value),
  })
  const electron = strict('electron (in a preload)', { contextBridge, ipcRenderer })
  const require = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return electron
    throw new Error(`module not found: ${name} (a sandboxed preload must be one file)`)
  }
  const process = { type: 'renderer', sandboxed: true, contextIsolated: true, platform: 'darwin', versions }
  runPreload(require, { exports: {} }, process)
}
