import type { BridgeEvent } from '../api/control.ts'

export type BridgeEventListener = (event: BridgeEvent) => void

/** Where the parts of a program tell what happened, and the streams of `GET /v1/events` hear it. */
export interface EventHub {
  publish(event: BridgeEvent): void
  /** Hears everything from now on, until the handle is disposed. */
  subscribe(listener: BridgeEventListener): Disposable
}

export function createEventHub(): EventHub {
  const listeners = new Map<Disposable, BridgeEventListener>()
  return {
    publish: (event) => {
      for (const listener of [...listeners.values()]) listener(event)
    },
    subscribe: (listener) => {
      const handle: Disposable = { [Symbol.dispose]: () => void listeners.delete(handle) }
      listeners.set(handle, listener)
      return handle
    },
  }
}

/** Writes log lines and changes of state to stdout, where the engine's log rotation takes care of them. */
export function printEvents(hub: EventHub, output: NodeJS.WritableStream): Disposable {
  return hub.subscribe((event) => {
    if (event.type === 'log' || event.type === 'state') output.write(`${JSON.stringify(event)}\n`)
  })
}
