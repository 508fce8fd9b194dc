/** Hears every value fired after it was added. */
export type Listener<T> = (value: T) => void

/** The side of an event that others may see. */
export interface Event<T> {
  /** Listens until the returned handle is disposed. */
  on(listener: Listener<T>): Disposable
}

/** An event with its source: whoever holds it may `fire`. */
export interface Emitter<T> extends Event<T> {
  fire(value: T): void
}

/**
 * An event that calls its listeners in the order they came, each with every value. One that throws does not keep a value
 * from the others; its error surfaces as an uncaught exception, because the source can do nothing about it.
 */
export function createEmitter<T>(): Emitter<T> {
  // Keyed by handle: the same function may listen twice, and each handle ends one of them.
  const listeners = new Map<Disposable, Listener<T>>()
  return {
    on: (listener) => {
      const handle: Disposable = { [Symbol.dispose]: () => void listeners.delete(handle) }
      listeners.set(handle, listener)
      return handle
    },
    fire: (value) => {
      for (const listener of [...listeners.values()]) {
        try {
          listener(value)
        } catch (error) {
          queueMicrotask(() => {
            throw error
          })
        }
      }
    },
  }
}
