import type { Clock } from '../../lib/clock.ts'
import type { Event } from '../../lib/event.ts'
import { orAborted } from '../../lib/or-aborted.ts'
import { AppError } from '../../shared/errors.ts'
import type { AgentReport } from './agent-voice.ts'

export interface UntilReadyOptions {
  readonly reports: Event<AgentReport>
  /** Resolves with why there will be no more reports. */
  readonly ended: Promise<AppError>
  readonly timeoutMs: number
  readonly clock: Clock
}

/**
 * Resolves with an agent's first `ready`.
 * @throws AppError what it fails with or ended from; when the time is up, what stood in its way, or `bridge-timeout`. Or the signal's reason.
 */
export async function untilReady(
  { reports, ended, timeoutMs, clock }: UntilReadyOptions,
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  let lastError: AppError | undefined
  using _listening = reports.on(({ state, error }) => {
    lastError = error ?? lastError
    if (state === 'ready') resolve(undefined)
    if (state === 'failed') reject(error ?? new AppError('bridge-mount-failed'))
  })
  using _limit = clock.setTimeout(
    () => reject(lastError ?? new AppError('bridge-timeout', { timeoutMs })),
    timeoutMs,
  )
  const end = await orAborted(Promise.race([promise, ended]), signal)
  if (end !== undefined) throw end
}
