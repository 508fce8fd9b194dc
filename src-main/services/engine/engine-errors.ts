import { AppError, type ErrorArgs, type ErrorCode } from '../../shared/errors.ts'

/** What was being done, for sentences that need it. */
export interface EngineCall {
  /** The socket or port of the engine. */
  readonly address: string
  readonly args?: ErrorArgs
  /** What a failure is that nothing more precise is known about. */
  readonly otherwise?: ErrorCode
  readonly timeoutMs?: number
}

/** How the client reports a failure: an answer has `statusCode`, a connection that failed has the system's `code`. */
interface ForeignError {
  readonly name: string
  readonly message: string
  readonly code?: unknown
  readonly statusCode?: unknown
}

/** What engines say, in the words of Docker, containerd and Podman; the first that fits counts. */
const sayings: readonly (readonly [RegExp, ErrorCode])[] = [
  [/no space left on device|disk quota exceeded|not enough (?:free )?space/i, 'engine-disk-full'],
  [/port is already allocated|address already in use|ports are not available/i, 'port-taken'],
  [
    /exec format error|does not match the (?:specified|detected|expected) (?:host )?platform|no matching manifest for|no image found in (?:image index|manifest list) for architecture|image operating system .* cannot be used/i,
    'engine-arch',
  ],
  [/client version .* is too (?:old|new)|minimum supported api version/i, 'engine-too-old'],
  [/no such image|image not known|unable to find image|pull access denied/i, 'image-missing'],
  [/rootless|user namespace/i, 'engine-rootless'],
]

const systemCodes: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'engine-not-running',
  ECONNREFUSED: 'engine-not-running',
  ECONNRESET: 'engine-not-running',
  ENOTSOCK: 'engine-not-running',
  EPIPE: 'engine-not-running',
  EACCES: 'engine-denied',
  EPERM: 'engine-denied',
  ENOSPC: 'engine-disk-full',
}

/** A failure of the engine's client as one of ours. What is ours already stays as it is. */
export function engineError(error: unknown, call: EngineCall): AppError {
  if (error instanceof AppError) return error
  const foreign = asForeign(error)
  const { address, args = {}, otherwise = 'engine-failed', timeoutMs } = call
  const reason = reasonOf(foreign)
  const become = (code: ErrorCode, extra: ErrorArgs = {}): AppError =>
    new AppError(code, { ...args, ...extra }, { cause: error })

  if (foreign.name === 'TimeoutError')
    return become('engine-timeout', timeoutMs === undefined ? {} : { timeoutMs })
  if (foreign.name === 'AbortError' || foreign.code === 'ABORT_ERR') return become('cancelled')
  const systemCode = typeof foreign.code === 'string' ? systemCodes[foreign.code] : undefined
  if (systemCode !== undefined && foreign.statusCode === undefined) return become(systemCode, { address })
  const said = codeOfSaying(reason)
  if (said !== undefined) return become(said, { reason, ...portIn(said, reason) })
  return become(otherwise, { reason })
}

/** The code for what an engine said, where the words are known; of use for a build's or a pull's last line as well. */
export function codeOfSaying(text: string): ErrorCode | undefined {
  return sayings.find(([pattern]) => pattern.test(text))?.[1]
}

function isAbsence(error: unknown): boolean {
  return asForeign(error).statusCode === 404
}

/** True when the engine has nothing to do: the container has ended, started or is being removed already. */
export function isAlreadySo(error: unknown): boolean {
  const { statusCode, message } = asForeign(error)
  return (
    statusCode === 304 ||
    statusCode === 404 ||
    (statusCode === 409 && /not running|already in progress/i.test(message))
  )
}

function asForeign(error: unknown): ForeignError {
  if (error instanceof Error) return error
  return { name: 'Error', message: String(error) }
}

/** The engine's own words, without the frame that the client puts around them. */
function reasonOf({ message }: ForeignError): string {
  return message
    .replace(/^\(HTTP code \d+\) .*? - /s, '')
    .replace(/\s+/g, ' ')
    .trim()
}

function portIn(code: ErrorCode, reason: string): ErrorArgs {
  const [, port] = /:(\d{1,5})\b(?!.*:\d{1,5}\b)/.exec(reason) ?? []
  return code === 'port-taken' && port !== undefined ? { port: Number(port) } : {}
}

/** `value` instead of a failure that only says that something is not there. */
export function orIfAbsent<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (isAbsence(error)) return value
    throw error
  }
}
