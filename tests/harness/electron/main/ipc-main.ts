import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent } from 'electron'

import { Strict } from './strict.ts'

type Handle = (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown
type Listener = (event: IpcMainEvent, ...args: unknown[]) => void
type Implemented = 'handle' | 'handleOnce' | 'removeHandler'

export class StandInIpcMain extends Strict implements Pick<IpcMain, Implemented> {
  readonly #handlers = new Map<string, Handle>()
  readonly #listeners = new Map<string, Set<Listener>>()

  handle(channel: string, handler: Handle): void {
    if (this.#handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`)
    this.#handlers.set(channel, handler)
  }
  handleOnce(channel: string, handler: Handle): void {
    this.handle(channel, (event, ...args) => {
      this.removeHandler(channel)
      return handler(event, ...args)
    })
  }
  removeHandler(channel: string): void {
    this.#handlers.delete(channel)
  }
  on(channel: string, listener: Listener): void {
    this.#listeners.set(channel, (this.#listeners.get(channel) ?? new Set()).add(listener))
  }
  off(channel: string, listener: Listener): void {
    this.#listeners.get(channel)?.delete(listener)
  }
  removeListener(channel: string, listener: Listener): void {
    this.off(channel, listener)
  }
  removeAllListeners(channel: string): void {
    this.#listeners.delete(channel)
  }

  async invoke(event: object, channel: string, args: readonly unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(channel)
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`)
    return await handler(event as IpcMainInvokeEvent, ...args)
  }
  deliver(event: object, channel: string, args: readonly unknown[]): void {
    for (const listener of this.#listeners.get(channel) ?? []) listener(event as IpcMainEvent, ...args)
  }
}

export const ipcMain = new StandInIpcMain()
