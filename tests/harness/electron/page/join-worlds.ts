/** What Electron's `contextBridge` does: values from one JavaScript world appear in the other as copies, functions and promises as proxies. */
export interface JoinedWorld {
  /** Makes `value` known to the other world under `name`. */
  expose(name: string, value: unknown): void
}

/**
 * One end of the bridge between a page and its preload; the same function runs in both worlds. They share nothing but DOM events, which are
 * dispatched at once and whose `detail` is copied. Knows nothing from outside of itself: its text is what runs in the page.
 */
export function joinWorlds(
  names: { readonly send: string; readonly receive: string },
  onExposed: (name: string, value: unknown) => void,
): JoinedWorld {
  type Callable = (...args: unknown[]) => unknown
  type Parcel =
    | { readonly is: 'function' | 'promise'; readonly id: number }
    | { readonly is: 'array'; readonly items: readonly Parcel[] }
    | { readonly is: 'object'; readonly items: Readonly<Record<string, Parcel>> }
    | { readonly is: 'error'; readonly message: string }
    | { readonly is: 'value'; readonly value: unknown }
  interface Result {
    readonly note: 'result'
    readonly ok: boolean
    readonly parcel: Parcel
  }
  type Note =
    | { readonly note: 'hello' }
    | { readonly note: 'expose'; readonly name: string; readonly parcel: Parcel }
    | { readonly note: 'call'; readonly id: number; readonly args: Parcel }
    | Result
    | { readonly note: 'settled'; readonly id: number; readonly ok: boolean; readonly parcel: Parcel }

  const world = globalThis as unknown as EventTarget
  const dispatch = world.dispatchEvent.bind(world)
  const functions: Callable[] = []
  const idOf = new Map<Callable, number>()
  const awaited = new Map<number, { resolve: Callable; reject: Callable }>()
  const exposed = new Map<string, unknown>()
  let promises = 0
  let result: Result | undefined

  const send = (note: Note): void => void dispatch(new CustomEvent(names.send, { detail: note }))

  const wrap = (value: unknown): Parcel => {
    if (typeof value === 'function') {
      const known = idOf.get(value as Callable) ?? functions.push(value as Callable) - 1
      idOf.set(value as Callable, known)
      return { is: 'function', id: known }
    }
    if (value === null || typeof value !== 'object') return { is: 'value', value }
    if (value instanceof Promise) return wrapPromise(value)
    if (Array.isArray(value)) return { is: 'array', items: value.map(wrap) }
    if (value instanceof Error) return { is: 'error', message: value.message }
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === null || prototype === Object.prototype)
      return {
        is: 'object',
        items: Object.fromEntries(Object.entries(value).map(([key, item]) => [key, wrap(item)])),
      }
    if (value instanceof Date || ArrayBuffer.isView(value)) return { is: 'value', value }
    throw new Error('The Electron stand-in takes only plain values across the context bridge.')
  }

  const wrapPromise = (promise: Promise<unknown>): Parcel => {
    const id = ++promises
    const settle = (ok: boolean) => (value: unknown) => send({ note: 'settled', id, ok, parcel: wrap(value) })
    promise.then(settle(true), settle(false))
    return { is: 'promise', id }
  }

  const unwrap = (parcel: Parcel): unknown => {
    if (parcel.is === 'value') return parcel.value
    if (parcel.is === 'error') return new Error(parcel.message)
    if (parcel.is === 'array') return parcel.items.map(unwrap)
    if (parcel.is === 'object')
      return Object.fromEntries(Object.entries(parcel.items).map(([key, item]) => [key, unwrap(item)]))
    if (parcel.is === 'promise')
      return new Promise((resolve, reject) => void awaited.set(parcel.id, { resolve, reject }))
    return (...args: unknown[]) => {
      result = undefined
      send({ note: 'call', id: parcel.id, args: wrap(args) })
      const back = result as Result | undefined
      if (back === undefined) throw new Error('The other world is gone.')
      if (!back.ok) throw unwrap(back.parcel) as Error
      return unwrap(back.parcel)
    }
  }

  const call = (id: number, args: unknown[]): void => {
    try {
      send({ note: 'result', ok: true, parcel: wrap(functions[id]?.(...args)) })
    } catch (error) {
      send({ note: 'result', ok: false, parcel: wrap(error) })
    }
  }

  const settled = (id: number, ok: boolean, value: unknown): void => {
    const waiting = awaited.get(id)
    awaited.delete(id)
    if (ok) waiting?.resolve(value)
    else waiting?.reject(value)
  }

  const receive = (note: Note): void => {
    if (note.note === 'hello')
      for (const [name, value] of exposed) send({ note: 'expose', name, parcel: wrap(value) })
    else if (note.note === 'expose') onExposed(note.name, unwrap(note.parcel))
    else if (note.note === 'call') call(note.id, unwrap(note.args) as unknown[])
    else if (note.note === 'result') result = note
    else settled(note.id, note.ok, unwrap(note.parcel))
  }
  world.addEventListener(names.receive, (event) => receive((event as CustomEvent<Note>).detail))
  send({ note: 'hello' })
  return {
    expose: (name, value) => {
      exposed.set(name, value)
      send({ note: 'expose', name, parcel: wrap(value) })
    },
  }
}
