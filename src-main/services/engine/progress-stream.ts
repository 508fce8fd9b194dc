import { z } from 'zod'

import { AppError, type ErrorArgs, type ErrorCode } from '../../shared/errors.ts'
import { codeOfSaying } from './engine-errors.ts'
import type { OnProgress } from './engine.ts'

/** A step of a build or a pull: text of a builder, or the state of one layer. The answer's status was 200 long before a failure. */
const progressSchema = z.object({
  stream: z.string().optional(),
  status: z.string().optional(),
  id: z.string().optional(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string().optional() }).optional(),
})

const keptLines = 20

/** Gathers what a build or pull says, passes on what is worth showing, and knows in the end how it went. */
export class ProgressLog {
  readonly #onProgress: OnProgress
  readonly #lines: string[] = []
  #failure: string | undefined

  constructor(onProgress: OnProgress) {
    this.#onProgress = onProgress
  }

  add(step: unknown): void {
    const { stream, status, id, error, errorDetail } = progressSchema.catch({}).parse(step)
    const failure = errorDetail?.message ?? error
    if (failure !== undefined) this.#failure = failure.trim()
    const text = stream ?? (status === undefined ? undefined : id === undefined ? status : `${id}: ${status}`)
    for (const line of (text ?? failure ?? '').split('\n')) this.#addLine(line.trimEnd())
  }

  /** @throws AppError what the words mean (`engine-disk-full`, `engine-arch`), or `otherwise` {reason, lastLines}. */
  throwIfFailed(otherwise: ErrorCode, args: ErrorArgs): void {
    if (this.#failure === undefined) return
    const known = codeOfSaying(this.#failure) ?? codeOfSaying(this.lastLines)
    const code = known === 'engine-disk-full' || known === 'engine-arch' ? known : otherwise
    throw new AppError(code, { ...args, reason: this.#failure, lastLines: this.lastLines })
  }

  get lastLines(): string {
    return this.#lines.join('\n')
  }

  #addLine(line: string): void {
    if (line === '' || line === this.#lines.at(-1)) return
    this.#lines.push(line)
    if (this.#lines.length > keptLines) this.#lines.shift()
    this.#onProgress(line)
  }
}
