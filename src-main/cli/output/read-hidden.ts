const keys = { enter: ['\r', '\n'], decline: ['\u0003', '\u0004'], erase: ['\u007f', '\b'], clear: '\u0015' }

/**
 * A line that is typed and not shown. `undefined` when the person declines (Ctrl-C, Ctrl-D), the terminal goes, or `signal` is aborted.
 * @param stdin a terminal. It is in raw mode meanwhile, in which Ctrl-C is a key like any other.
 */
export async function readHidden(stdin: NodeJS.ReadStream, signal: AbortSignal): Promise<string | undefined> {
  const answered = Promise.withResolvers<string | undefined>()
  const decline = (): void => answered.resolve(undefined)
  let typed = ''
  const hear = (chunk: Buffer | string): void => {
    for (const key of chunk.toString()) {
      if (keys.enter.includes(key)) answered.resolve(typed)
      else if (keys.decline.includes(key)) decline()
      else if (keys.erase.includes(key)) typed = typed.slice(0, -1)
      else if (key === keys.clear) typed = ''
      else if (key >= ' ') typed += key
    }
  }
  if (signal.aborted) decline()
  signal.addEventListener('abort', decline, { once: true })
  stdin.setRawMode(true)
  stdin.on('data', hear).once('end', decline).resume()
  try {
    return await answered.promise
  } finally {
    stdin.off('data', hear).off('end', decline).pause()
    stdin.setRawMode(false)
    signal.removeEventListener('abort', decline)
  }
}
