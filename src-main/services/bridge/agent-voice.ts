import type { AgentState, BridgeEvent, Health, TunnelHealth } from '../../../docker/bridge/api/control.ts'
import type { BridgeErrorBody } from '../../../docker/bridge/api/errors.ts'
import type { BridgeEvent as BridgeStateEvent } from '../../core/bridge-state.ts'
import { explainDenial, toleratedSkewMs } from '../../core/bridge-denial.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { AppError } from '../../shared/errors.ts'
import { appErrorOf } from './bridge-errors.ts'
import type { BridgeLogLine, BridgeSpec, Latency } from './bridge.ts'

/** How an agent is, in the app's words. */
export interface AgentReport {
  readonly state: AgentState
  /** What is in the way, the tunnel's trouble included. */
  readonly error?: AppError
}

export interface AgentListener {
  readonly onReport: (report: AgentReport) => void
  readonly onLatency: (latency: Latency) => void
  readonly onLogLine: (line: BridgeLogLine) => void
}

export interface VoiceOptions extends AgentListener {
  readonly spec: BridgeSpec
  readonly identityExpiresAtMs: () => number | undefined
  readonly clock: Clock
  readonly log: Logger
}

/** Puts together what an agent says about itself, its tunnel and its clock. */
export class AgentVoice {
  readonly #options: VoiceOptions
  #state: AgentState = 'starting'
  #error: BridgeErrorBody | undefined
  #tunnel: TunnelHealth | undefined
  #skewMs: number | undefined
  #last: AgentReport = { state: 'starting' }

  constructor(options: VoiceOptions) {
    this.#options = options
  }

  get last(): AgentReport {
    return this.#last
  }

  hearHealth({ clockMs, versions, state, error, tunnel }: Health): void {
    const { clock, log } = this.#options
    this.#skewMs = clockMs - clock.now()
    const facts = { state, skewMs: Math.round(this.#skewMs), ...versions }
    if (Math.abs(this.#skewMs) > toleratedSkewMs) log.warn('bridge', 'clocks do not agree', facts)
    else log.info('bridge', 'agent heard', facts)
    this.#tunnel = tunnel
    this.#become(state, error)
  }

  hear(event: BridgeEvent): void {
    switch (event.type) {
      case 'state':
        this.#become(event.state, event.error)
        break
      case 'tunnel':
        this.#tunnel = event.tunnel
        this.#report()
        break
      case 'latency':
        this.#options.onLatency({ atMs: event.atMs, roundTripMs: event.roundTripMs })
        break
      case 'log':
        this.#options.onLogLine({ level: event.level, source: event.source, text: event.text })
        break
      case 'alive':
        break
    }
  }

  #become(state: AgentState, error: BridgeErrorBody | undefined): void {
    this.#state = state
    this.#error = error
    this.#report()
  }

  #report(): void {
    const body = this.#error ?? (this.#state === 'ready' ? undefined : this.#tunnel?.error)
    const error = body === undefined ? undefined : this.#explain(body)
    this.#last = { state: this.#state, ...(error === undefined ? {} : { error }) }
    this.#options.onReport(this.#last)
  }

  #explain(body: BridgeErrorBody): AppError {
    const { spec, clock, identityExpiresAtMs } = this.#options
    const { fileSystemId, route, remotePath } = spec
    const { host, port } = route.kind === 'tunnel' ? route.connect : route.nfs
    const error = appErrorOf(body, { fileSystemId, host, port, path: remotePath })
    const skewMs = this.#skewMs
    const code = explainDenial({
      code: error.code,
      nowMs: clock.now(),
      identityExpiresAtMs: identityExpiresAtMs(),
      skewMs,
    })
    if (code === error.code) return error
    const skew =
      code === 'clock-skewed' && skewMs !== undefined
        ? { skewMinutes: Math.round(Math.abs(skewMs) / 60_000) }
        : {}
    return new AppError(code, { ...error.args, ...skew }, { cause: error })
  }
}

/** What a report means for the bridge's state; nothing where it says only that a step goes on. */
export function stateEventOf({ state, error: appError }: AgentReport): BridgeStateEvent | undefined {
  const error = appError?.toJSON()
  const withError = error === undefined ? {} : { error }
  switch (state) {
    case 'starting':
    case 'stopping':
      return undefined
    case 'connecting':
      return { type: 'agent-connecting', ...withError }
    case 'ready':
      return { type: 'agent-ready' }
    case 'stalled':
      return { type: 'agent-stalled', ...withError }
    case 'failed':
      return { type: 'agent-failed', error: error ?? new AppError('bridge-mount-failed').toJSON() }
  }
}

/** The server refused the identity: another one may help. */
export function isDenial(error: AppError | undefined): boolean {
  return error?.code === 'access-denied' || error?.code === 'identity-expired'
}
