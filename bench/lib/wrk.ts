import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const scriptPath = fileURLToPath(new URL('wrk.lua', import.meta.url))

export interface LoadOptions {
  readonly wrkPath: string
  readonly port: number
  readonly method: 'GET' | 'PUT'
  /** Request targets are `<prefix>0` to `<prefix><count - 1>`, in turn. */
  readonly prefix: string
  readonly count: number
  readonly userAgent: string
  /** Of a PUT. */
  readonly bodyBytes?: number
  readonly connections: number
  readonly seconds: number
  readonly signal: AbortSignal
}

export interface LoadResult {
  readonly requests: number
  readonly requestsPerSecond: number
}

/**
 * Keeps `connections` busy for `seconds` with wrk (Debian package `wrk`): one thread of C that spends a few microseconds on
 * a request, which leaves the other core to the server. @throws when any request failed: a server that refuses fast is not fast.
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const {
    wrkPath,
    port,
    method,
    prefix,
    count,
    userAgent,
    bodyBytes = 0,
    connections,
    seconds,
    signal,
  } = options
  const { stdout } = await promisify(execFile)(
    wrkPath,
    [
      ...['--threads', '1', '--connections', String(connections), '--duration', `${seconds}s`],
      ...['--script', scriptPath, `http://127.0.0.1:${port}/`],
      ...['--', method, prefix, String(count), String(bodyBytes), userAgent],
    ],
    { signal },
  )
  return parseLoadReport(stdout)
}

/** Reads the line that `wrk.lua` prints when it is done. */
export function parseLoadReport(stdout: string): LoadResult {
  const line = /^REPORT (\d+) (\d+) (\d+)$/m.exec(stdout)
  if (!line) throw new Error(`wrk gave no report: ${stdout.slice(0, 200)}`)
  const [requests, microseconds, errors] = line.slice(1).map(Number) as [number, number, number]
  if (errors > 0) throw new Error(`${errors} of ${requests} requests failed`)
  return { requests, requestsPerSecond: (requests / microseconds) * 1_000_000 }
}
