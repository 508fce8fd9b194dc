/** What the SDK's errors, and those of Node below it, have in common. */
export interface AwsFailure {
  /** The name by which AWS calls its error, or Node its own: `AccessDenied`, `ECONNREFUSED`. */
  readonly name: string
  readonly message: string
  /** Of AWS's answer; absent when there was none. */
  readonly status?: number
  readonly host?: string
}

/** Reads an error that came out of the SDK. */
export function readAwsFailure(error: unknown): AwsFailure {
  if (!(error instanceof Error)) return { name: typeof error, message: '' }
  const { message } = error
  const status = numberAt(objectAt(error, '$metadata'), 'httpStatusCode')
  const host = stringAt(error, 'hostname') ?? stringAt(error, 'host')
  // AWS's code is the name; Node's is `code`, with the name only `Error`.
  const name = status === undefined ? (codeBelow(error) ?? error.name) : error.name
  return { name, message, ...(status !== undefined && { status }), ...(host !== undefined && { host }) }
}

/**
 * What may go into a log as the cause: the SDK's own errors carry the whole answer, and with some services that is where
 * credentials are.
 */
export function loggableCause({ name, message, status }: AwsFailure): Error {
  const cause = new Error(status === undefined ? message : `${message} (HTTP ${status})`)
  cause.name = name
  delete cause.stack
  return cause
}

/** Node wraps what went wrong with each of several addresses. */
function codeBelow(error: Error): string | undefined {
  const own = stringAt(error, 'code')
  if (own !== undefined) return own
  const inner: readonly unknown[] = error instanceof AggregateError ? error.errors : [error.cause]
  return inner
    .map((one) => (one instanceof Error ? codeBelow(one) : undefined))
    .find((code) => code !== undefined)
}

function objectAt(value: object, key: string): object | undefined {
  const found: unknown = Reflect.get(value, key)
  return typeof found === 'object' && found !== null ? found : undefined
}

function stringAt(value: object, key: string): string | undefined {
  const found: unknown = Reflect.get(value, key)
  return typeof found === 'string' ? found : undefined
}

function numberAt(value: object | undefined, key: string): number | undefined {
  const found: unknown = value === undefined ? undefined : Reflect.get(value, key)
  return typeof found === 'number' ? found : undefined
}
