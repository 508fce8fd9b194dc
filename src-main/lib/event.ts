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
