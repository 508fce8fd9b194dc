import { messageFor } from '../../../shared/messages.ts'
import { toAppError, type SerializedError } from '../../../shared/errors.ts'
import type { DriveFacts } from './drive-facts.ts'

/** What was found; for what passed the fact itself. */
export interface DriveFinding {
  readonly passed: boolean
  readonly description: string
  /** Instructions, in the order to try them; empty when passed. */
  readonly fixes: readonly string[]
  /** Nobody could tell. It counts as passed: nothing speaks against it. */
  readonly untried?: true
  /** What was in the way, when that is one of our errors. */
  readonly error?: SerializedError
}

/** One question about what a drive needs. May throw an `AppError`, which then is what was found; it stops no other question. */
export interface DriveCheck {
  readonly id: string
  readonly title: string
  /** Off where the question makes no sense for the drive. */
  applicable(facts: DriveFacts, signal: AbortSignal): boolean | Promise<boolean>
  check(facts: DriveFacts, signal: AbortSignal): Promise<DriveFinding>
}

export function passed(description: string): DriveFinding {
  return { passed: true, description, fixes: [] }
}

export function untried(description: string): DriveFinding {
  return { passed: true, untried: true, description, fixes: [] }
}

/** Any error as what was found, in the words it has everywhere. */
export function failedBy(reason: unknown): DriveFinding {
  const error = toAppError(reason).toJSON()
  const { text, fix } = messageFor(error)
  return { passed: false, description: text, fixes: fix === undefined ? [] : [fix], error }
}
