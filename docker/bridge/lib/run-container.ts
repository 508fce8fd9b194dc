import type { Readable } from 'node:stream'
import type { z } from 'zod'

import { bridgeExitCodes } from '../api/start.ts'
import { BridgeError } from './bridge-error.ts'
import { readStartLine } from './start-line.ts'

export interface RunContainerOptions<Schema extends z.ZodType> {
  readonly schema: Schema
  readonly input: Readable
  readonly errors: NodeJS.WritableStream
  /** Resolves with the exit code; `signal` is aborted by SIGTERM, SIGINT and the end of stdin. */
  readonly run: (start: z.output<Schema>, signal: AbortSignal) => Promise<number>
}

/** The frame of both programs: start line, the ways to be asked to end, the exit code. Never rejects. */
export async function runContainer<Schema extends z.ZodType>({
  schema,
  input,
  errors,
  run,
}: RunContainerOptions<Schema>): Promise<number> {
  const ending = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ending.abort())
  try {
    const { value, ended } = await readStartLine(input, schema)
    void ended.then(() => ending.abort())
    return await run(value, ending.signal)
  } catch (error) {
    if (error instanceof BridgeError && error.code === 'start-line-invalid') {
      errors.write(`${JSON.stringify(error)}\n`)
      return bridgeExitCodes.startLineInvalid
    }
    errors.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return bridgeExitCodes.crashed
  }
}
