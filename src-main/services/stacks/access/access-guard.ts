import type { Clock } from '../../../lib/clock.ts'
import { createEmitter, type Emitter, type Event } from '../../../lib/event.ts'
import { AppError, type ErrorCode, type SerializedError } from '../../../shared/errors.ts'
import type { StackView } from '../stack.ts'
import { allowedCidrsOf, isWithin } from './allowed-cidrs.ts'

export interface AccessGuardOptions {
  /** The stack of the drive, as it is now; `undefined` when there is none that may be seen. */
  readonly stack: (signal: AbortSignal) => Promise<StackView | undefined>
  /** @throws AppError `public-address-unknown` */
  readonly publicAddress: (signal: AbortSignal) => Promise<string>
  readonly clock: Clock
}

/** Knows when a drive cannot be reached because this machine has another public address than the one that is let in. */
export interface AccessGuard extends Disposable {
  /** What is behind a trouble of the drive, as far as it is known by now. Looks into it in the background, and tells by `changed`. */
  explain(trouble: SerializedError): SerializedError
  /** The same, with the outcome of the look waited for, ten seconds at most. */
  explainNow(trouble: SerializedError): Promise<SerializedError>
  readonly changed: Event<void>
}

/** A security group that does not let somebody in says nothing at all; what comes of that has one of these names. */
const mayBeAddress: readonly ErrorCode[] = [
  'server-unreachable',
  'server-silent',
  'server-closed',
  'bridge-timeout',
]

/** Between two looks. Each costs a request to CloudFormation and one to AWS's address service. */
const pauseMs = 60_000
/** Somebody waits to be told why a mount failed. */
const limitMs = 10_000

export function createAccessGuard({ stack, publicAddress, clock }: AccessGuardOptions): AccessGuard {
  const ended = new AbortController()
  const changed: Emitter<void> = createEmitter()
  let found: AppError | undefined
  let lookedAtMs: number | undefined

  const look = async (): Promise<void> => {
    const before = JSON.stringify(found)
    found = await addressProblem(await stack(ended.signal), publicAddress, ended.signal)
    if (JSON.stringify(found) !== before) changed.fire()
  }
  // Whoever cannot find out says nothing: the trouble itself is told anyway.
  const lookQuietly = async (): Promise<void> => {
    if (ended.signal.aborted) return
    lookedAtMs = clock.monotonicMs()
    await look().catch(() => undefined)
  }
  const isDue = (): boolean => lookedAtMs === undefined || clock.monotonicMs() - lookedAtMs >= pauseMs
  const known = (trouble: SerializedError): SerializedError => found?.toJSON() ?? trouble
  return {
    changed,
    explain: (trouble) => {
      if (!mayBeAddress.includes(trouble.code)) return trouble
      if (isDue()) void lookQuietly()
      return known(trouble)
    },
    explainNow: async (trouble) => {
      if (!mayBeAddress.includes(trouble.code)) return trouble
      const late = Promise.withResolvers<undefined>()
      using _limit = clock.setTimeout(() => late.resolve(undefined), limitMs)
      await Promise.race([lookQuietly(), late.promise])
      return known(trouble)
    },
    [Symbol.dispose]: () => ended.abort(),
  }
}

async function addressProblem(
  stack: StackView | undefined,
  publicAddress: AccessGuardOptions['publicAddress'],
  signal: AbortSignal,
): Promise<AppError | undefined> {
  if (stack?.wayIn !== 'nlb') return undefined
  const allowed = allowedCidrsOf(stack.parameters)
  const address = await publicAddress(signal)
  if (allowed.some((cidr) => isWithin(address, cidr))) return undefined
  return new AppError('address-not-allowed', { address, allowed: allowed.join(', '), name: stack.name })
}
