import { EventEmitter } from 'node:events'

/** What JavaScript itself asks of any object: whether it is a promise, how it is to be printed. */
const askedOfAnything = new Set(['then', 'toJSON', 'inspect', 'nodeType', 'asymmetricMatch', '$$typeof'])

/** At the end of the prototype chain: a property that nobody has is a mistake of the stand-in or of the app, and is said aloud. */
const guard = new Proxy(Object.prototype, {
  get(target, property, receiver: object) {
    if (typeof property === 'symbol' || property in target || askedOfAnything.has(property))
      return Reflect.get(target, property, receiver) as unknown
    throw new Error(`the Electron stand-in has no ${receiver.constructor.name}.${property}`)
  },
})

/** An object that throws when something is read that it does not have. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- what it has is in its prototype
export class Strict {}
Object.setPrototypeOf(Strict.prototype, guard)

/** Of events, as Electron has them: `on` is typed to return `never`, because Electron's own returns all of an object that is only partly here. */
export class StrictEmitter extends Strict {
  readonly #emitter = new EventEmitter()
  readonly #events: ReadonlySet<string>

  constructor(events: readonly string[]) {
    super()
    this.#events = new Set(events)
  }

  on(event: string, listener: (...args: never[]) => void): never {
    this.#emitter.on(this.#known(event), listener as (...args: unknown[]) => void)
    return this as never
  }
  once(event: string, listener: (...args: never[]) => void): never {
    this.#emitter.once(this.#known(event), listener as (...args: unknown[]) => void)
    return this as never
  }
  off(event: string, listener: (...args: never[]) => void): never {
    this.#emitter.off(this.#known(event), listener as (...args: unknown[]) => void)
    return this as never
  }
  addListener(event: string, listener: (...args: never[]) => void): never {
    return this.on(event, listener)
  }
  removeListener(event: string, listener: (...args: never[]) => void): never {
    return this.off(event, listener)
  }
  removeAllListeners(event?: string): never {
    this.#emitter.removeAllListeners(event)
    return this as never
  }
  listenerCount(event: string): number {
    return this.#emitter.listenerCount(event)
  }
  emit(event: string, ...args: readonly unknown[]): boolean {
    return this.#emitter.emit(this.#known(event), ...args)
  }

  #known(event: string): string {
    if (this.#events.has(event)) return event
    throw new Error(`the Electron stand-in has no event '${event}' of ${this.constructor.name}`)
  }
}

export type Emitting = 'on' | 'once' | 'off' | 'addListener' | 'removeListener'

/** What a listener may prevent. */
export class StandInEvent {
  defaultPrevented = false
  preventDefault(): void {
    this.defaultPrevented = true
  }
}
