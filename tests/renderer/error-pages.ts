import type { DriveView } from '../../src-main/shared/app/snapshot.ts'
import { errorCodes, type ErrorCode, type SerializedError } from '../../src-main/shared/errors.ts'
import { messages } from '../../src-main/shared/messages.ts'
import { driveOf } from '../fixtures/snapshots.ts'

export interface ErrorPage {
  readonly name: string
  readonly codes: readonly ErrorCode[]
  readonly errors: readonly SerializedError[]
  /** One that failed with each. */
  readonly drives: readonly DriveView[]
}

const perPage = 12

/** Every error there is, a dozen to a page: as a drive shows it. */
export const errorPages: readonly ErrorPage[] = Array.from(
  { length: Math.ceil(errorCodes.length / perPage) },
  (_, index) => {
    const codes = errorCodes.slice(index * perPage, (index + 1) * perPage)
    const errors = codes.map((code) => ({ code, args: longArgsOf(code) }))
    const drives = errors.map((error) =>
      driveOf({ id: error.code, name: error.code, state: { kind: 'failed', error } }),
    )
    return { name: `errors-${index + 1}`, codes, errors, drives }
  },
)

/** As long as a path can be that has nowhere to break. */
function longArgsOf(code: ErrorCode): SerializedError['args'] {
  return Object.fromEntries(messages[code].args.map((name) => [name, `/${'long-name'.repeat(9)}`]))
}
