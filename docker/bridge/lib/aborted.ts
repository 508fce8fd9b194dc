/** Whether `signal` is aborted by now. A function, because the compiler takes the property for constant between two awaits. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}

/** Resolves when `signal` is aborted. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
