import { PassThrough, type Readable } from 'node:stream'

/** Of Electron's `process.parentPort`, which a front has where Electron started it, just what is used here. */
export interface ParentPort {
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start?(): void
}

/** Where this process was started by Electron: then commands come by messages, for such a process has no stdin. */
export function parentPortOf(process: NodeJS.Process): ParentPort | undefined {
  return (process as unknown as { readonly parentPort?: ParentPort }).parentPort
}

/** The lines that come as messages, as if they had come on stdin. Ends with the parent, or when it sends `null`. */
export function linesFrom(port: ParentPort): Readable {
  const lines = new PassThrough()
  port.on('message', ({ data }) => {
    if (typeof data === 'string') lines.write(`${data}\n`)
    if (data === null) lines.end()
  })
  port.on('close', () => lines.end())
  port.start?.()
  return lines
}
