/** Ctrl-C and its relatives, counted: the first one asks to stop, the second one insists. */
export interface Interrupts {
  /** Aborted by the first interrupt. */
  readonly signal: AbortSignal
  /** Calls `listener` with 1, 2 … at each interrupt from now on. */
  on(listener: (count: number) => void): Disposable
}

const interruptSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Takes over the process's own handling of these signals, until disposed. */
export function listenForInterrupts(source: NodeJS.EventEmitter): Interrupts & Disposable {
  const controller = new AbortController()
  const listeners = new Set<(count: number) => void>()
  let count = 0
  const onSignal = (): void => {
    count += 1
    controller.abort()
    for (const listener of [...listeners]) listener(count)
  }
  for (const name of interruptSignals) source.on(name, onSignal)
  return {
    signal: controller.signal,
    on: (listener) => {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
    [Symbol.dispose]: () => {
      for (const name of interruptSignals) source.off(name, onSignal)
    },
  }
}
