import { createHash } from 'node:crypto'

import { revivalPauseMs } from '../../core/bridge-revival.ts'
import { nextBridgeState, type BridgeEvent, type BridgeState } from '../../core/bridge-state.ts'
import type { Clock } from '../../lib/clock.ts'
import { createEmitter } from '../../lib/event.ts'
import type { Logger } from '../../lib/logger.ts'
import { orAborted } from '../../lib/or-aborted.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import { isDenial, stateEventOf, type AgentReport } from './agent-voice.ts'
import { ensureImage } from './bridge-image.ts'
import { BridgeLife } from './bridge-life.ts'
import type { Bridge, BridgeAddress, BridgeLogLine, BridgeSpec, Latency, NudgeReason } from './bridge.ts'
import { DenialKeeper } from './denial-keeper.ts'
import { IdentityKeeper } from './identity-keeper.ts'
import { removeLeftovers } from './leftovers.ts'
import { LingeringAgents } from './lingering-agents.ts'
import { removeOldImages } from './old-images.ts'
import type { Engine, IdentitySource } from './ports.ts'
import { asHandedOver } from './start-lines.ts'
import { untilReady } from './until-ready.ts'

export interface BridgeDeps {
  readonly engine: Engine
  /** Asked for the tunnel's identity; never where the route is direct. */
  readonly identity: IdentitySource
  readonly clock: Clock
  readonly log: Logger
  /** 0 to 1, as `Math.random`. */
  readonly random: () => number
}

/** For the first mount, from the agent's start: a server far away, a tunnel that tries twice. */
const startLimitMs = 120_000
/** One that was ready for so long was healthy: its end counts as the first. */
const healthyAfterMs = 60_000

/** A bridge that is not there yet; `start` makes it. */
export function createBridge(spec: BridgeSpec, deps: BridgeDeps): Bridge {
  return new KeptBridge(spec, deps)
}

class KeptBridge implements Bridge {
  readonly stateChanged = createEmitter<BridgeState>()
  readonly probed = createEmitter<Latency>()
  readonly logged = createEmitter<BridgeLogLine>()
  readonly addressed = createEmitter<BridgeAddress>()
  readonly #reported = createEmitter<AgentReport>()
  readonly #spec: BridgeSpec
  readonly #deps: BridgeDeps
  readonly #identity: IdentityKeeper
  readonly #lingering: LingeringAgents
  readonly #denials: DenialKeeper
  readonly #stopping = new AbortController()
  #state: BridgeState = { kind: 'absent' }
  #life: BridgeLife | undefined
  #address: BridgeAddress | undefined
  #readyAtMs: number | undefined
  #hurry = new AbortController()
  #starting: Promise<unknown> | undefined
  #keeping: Promise<void> | undefined
  #stopped: Promise<void> | undefined

  constructor(spec: BridgeSpec, deps: BridgeDeps) {
    this.#spec = spec
    this.#deps = deps
    this.#lingering = new LingeringAgents(deps)
    this.#identity = new IdentityKeeper({
      ...deps,
      source: deps.identity,
      handOver: async (identity, signal) => this.#life?.control.putIdentity(asHandedOver(identity), signal),
    })
    this.#denials = new DenialKeeper({
      ...deps,
      renew: () => this.#identity.renew(this.#stopping.signal),
    })
  }

  state(): BridgeState {
    return this.#state
  }

  address(): BridgeAddress | undefined {
    return this.#address
  }

  async start(signal: AbortSignal): Promise<BridgeAddress> {
    const stop = AbortSignal.any([signal, this.#stopping.signal])
    const starting = this.#start(stop)
    this.#starting = starting.catch(() => undefined)
    try {
      return await starting
    } catch (error) {
      if (!stop.aborted) {
        const failure = toAppError(error)
        this.#apply({ type: 'failed', error: failure.toJSON() })
        throw failure
      }
      this.#apply({ type: 'stop-requested' })
      if (this.#stopped === undefined) this.#apply({ type: 'stopped' })
      throw new AppError('cancelled', {}, { cause: error })
    }
  }

  nudge(reason: NudgeReason): void {
    this.#hurry.abort()
    this.#identity.hurry()
    this.#denials.hurry()
    this.#life?.nudge(reason)
  }

  refreshIdentity(): void {
    this.#hurry.abort()
    this.#identity.hurry()
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<void> {
    this.#apply({ type: 'stop-requested' })
    this.#stopping.abort()
    await this.#starting
    await this.#keeping
    await this.#life?.end()
    await this.#lingering[Symbol.asyncDispose]()
    this.#forgetLife()
    this.#apply({ type: 'stopped' })
  }

  async #start(signal: AbortSignal): Promise<BridgeAddress> {
    const life = await this.#startLife(signal)
    try {
      const { clock } = this.#deps
      const reports = this.#reported
      await untilReady({ reports, ended: life.ended, timeoutMs: startLimitMs, clock }, signal)
    } catch (error) {
      this.#forgetLife()
      await life.abandon()
      throw error
    }
    this.#keeping = this.#keep(life)
    void this.#removeOldImages(life.image)
    if (this.#spec.route.kind === 'tunnel') void this.#identity.keepFresh(this.#stopping.signal)
    return life.address
  }

  async #startLife(signal: AbortSignal): Promise<BridgeLife> {
    const { engine, clock, log } = this.#deps
    const image = await ensureImage(
      engine,
      this.#spec.image,
      {
        onStep: (step) => this.#apply({ type: 'step-started', step }),
        onLine: (detail) => {
          log.debug('bridge', 'image', { detail })
          this.#apply({ type: 'progressed', detail })
        },
      },
      signal,
    )
    this.#apply({ type: 'step-started', step: 'creating' })
    const isInUse = (id: string): boolean => this.#lingering.has(id)
    await removeLeftovers(engine, this.#spec, { clock, log, isInUse }, signal)
    const life = await BridgeLife.start(
      {
        ...this.#deps,
        identity: this.#identity,
        lingering: this.#lingering,
        spec: this.#spec,
        image,
        fingerprint: fingerprintOf(image, this.#spec),
        onStarting: () => this.#apply({ type: 'step-started', step: 'starting' }),
        listener: {
          onReport: (report) => this.#hear(report),
          onLatency: (latency) => this.probed.fire(latency),
          onLogLine: (line) => {
            log[line.level]('bridge', line.source, { driveId: this.#spec.driveId, text: line.text })
            this.logged.fire(line)
          },
        },
      },
      signal,
    )
    this.#life = life
    this.#readyAtMs = undefined
    return life
  }

  /** Makes containers anew whenever they are lost, until it is stopped. Never rejects. */
  async #keep(first: BridgeLife): Promise<void> {
    const { signal } = this.#stopping
    const { clock, log } = this.#deps
    let life: BridgeLife | undefined = first
    let failures = 0
    while (life !== undefined) {
      const error: AppError | undefined = await orAborted(life.ended, signal).catch(() => undefined)
      if (error === undefined) return
      log.warn('bridge', 'lost', { driveId: this.#spec.driveId, error })
      const wasHealthy =
        this.#readyAtMs !== undefined && clock.monotonicMs() - this.#readyAtMs >= healthyAfterMs
      if (wasHealthy) failures = 0
      this.#forgetLife()
      this.#apply({ type: 'lost', error: error.toJSON() })
      await life.abandon()
      const revived = await this.#revive(failures, error)
      life = revived?.life
      failures = revived?.failures ?? 0
    }
  }

  async #revive(
    failuresBefore: number,
    cause: AppError,
  ): Promise<{ readonly life: BridgeLife; readonly failures: number } | undefined> {
    const { signal } = this.#stopping
    const isStopping = (): boolean => signal.aborted
    let error = cause
    for (let failures = failuresBefore; ; failures += 1) {
      await this.#pause(failures, error)
      if (isStopping()) return undefined
      try {
        return { life: await this.#startLife(signal), failures: failures + 1 }
      } catch (reason) {
        if (isStopping()) return undefined
        error = toAppError(reason)
        this.#deps.log.warn('bridge', 'not revived', { driveId: this.#spec.driveId, failures, error })
        this.#apply({ type: 'lost', error: error.toJSON() })
      }
    }
  }

  /** A nudge ends it. */
  async #pause(failures: number, { code }: AppError): Promise<void> {
    const { clock, random } = this.#deps
    const pauseMs = revivalPauseMs(failures, code, random)
    if (pauseMs === 0) return
    this.#hurry = new AbortController()
    const wake = AbortSignal.any([this.#stopping.signal, this.#hurry.signal])
    await clock.sleep(pauseMs, wake).catch(() => undefined)
  }

  /** One that has proved itself takes the place of those before it. */
  async #removeOldImages(image: string): Promise<void> {
    if (this.#spec.image.kind !== 'build') return
    const { engine, log } = this.#deps
    await removeOldImages(engine, image, log).catch((error: unknown) =>
      log.info('bridge', 'old images not looked for', { error }),
    )
  }

  #hear(report: AgentReport): void {
    const event = stateEventOf(report)
    if (event !== undefined) this.#apply(event)
    if (report.state === 'ready') this.#announce()
    this.#denials.heard(isDenial(report.error))
    this.#reported.fire(report)
  }

  #announce(): void {
    const address = this.#life?.address
    if (address === undefined || address === this.#address) return
    this.#readyAtMs = this.#deps.clock.monotonicMs()
    this.#address = address
    this.addressed.fire(address)
  }

  #forgetLife(): void {
    this.#life = undefined
    this.#address = undefined
    this.#denials[Symbol.dispose]()
  }

  #apply(event: BridgeEvent): void {
    const after = nextBridgeState(this.#state, event)
    if (after === this.#state) return
    this.#state = after
    this.stateChanged.fire(after)
  }
}

/** Of what the containers are made from; shows on them as a label. */
function fingerprintOf(image: string, { route, image: _source, ...spec }: BridgeSpec): string {
  return createHash('sha256')
    .update(JSON.stringify([image, spec, route]))
    .digest('hex')
    .slice(0, 16)
}
