import type { BridgeErrorBody, BridgeErrorCode } from '../api/errors.ts'

export type BridgeErrorArgs = Readonly<Record<string, string | number>>

/** An expected failure. `code` and `args` travel to the Mac, `cause` is for the log. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError'
  readonly code: BridgeErrorCode
  readonly args: BridgeErrorArgs

  constructor(code: BridgeErrorCode, args: BridgeErrorArgs = {}, options?: ErrorOptions) {
    super(code, options)
    this.code = code
    this.args = args
  }

  /** As it goes over the wire. */
  toJSON(): BridgeErrorBody {
    return { code: this.code, args: { ...this.args } }
  }
}

/** `error` itself, or `backend-failed` with it as the cause: what nobody translated is nothing a client can act on. */
export function toBridgeError(error: unknown): BridgeError {
  return error instanceof BridgeError ? error : new BridgeError('backend-failed', {}, { cause: error })
}
