import { randomBytes } from 'node:crypto'

import { agentStopTimeoutMs } from '../../../docker/bridge/api/image.ts'
import { bridgePorts } from '../../../docker/bridge/api/ports.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { AppError } from '../../shared/errors.ts'
import { AgentVoice, type AgentListener, type AgentReport } from './agent-voice.ts'
import { endError, type ContainerEnd } from './bridge-errors.ts'
import type { BridgeAddress, BridgeSpec, NudgeReason } from './bridge.ts'
import { agentContainer, ownLabels, type LifeNames } from './container-specs.ts'
import { ContainerWatch } from './container-watch.ts'
import { createControlClient, type ControlClient } from './control-client.ts'
import { followAgent, unresponsiveLimitMs } from './follow-agent.ts'
import type { IdentityKeeper } from './identity-keeper.ts'
import type { LingeringAgents } from './lingering-agents.ts'
import type { Engine, EngineConnection } from './ports.ts'
import { agentLine } from './start-lines.ts'
import { TunnelKeeper } from './tunnel-keeper.ts'

export interface LifeOptions {
  readonly spec: BridgeSpec
  readonly image: string
  readonly fingerprint: string
  readonly identity: IdentityKeeper
  readonly onStarting: () => void
  readonly listener: AgentListener
  /** Takes what an engine does not remove at once. */
  readonly lingering: LingeringAgents
  readonly engine: Engine
  readonly clock: Clock
  readonly log: Logger
  readonly random: () => number
}

const lastLines = 30

/** One agent with its tunnel, from their making to their end. Whoever holds it calls `end` or `abandon`, once. */
export class BridgeLife {
  readonly address: BridgeAddress
  /** The name of the image of both. */
  readonly image: string
  readonly control: ControlClient
  /** Why it cannot go on: its agent or the engine is gone, or the agent says nothing any more. Resolves at most once, never rejects. */
  readonly ended: Promise<AppError>
  readonly #parts: LifeParts

  private constructor(parts: LifeParts, address: BridgeAddress, voice: AgentVoice) {
    this.#parts = parts
    this.address = address
    this.image = parts.options.image
    this.control = createControlClient(address.controlUrl, address.token)
    this.ended = this.#follow(voice)
  }

  /**
   * Makes and starts both containers, the agent first. Resolves when they run; what they can do their reports say.
   * Nothing is left when it rejects. @throws AppError an engine's, an identity's, or why a container ended at once.
   */
  static async start(options: LifeOptions, signal: AbortSignal): Promise<BridgeLife> {
    const { spec, engine } = options
    const parts = new LifeParts(options, await ContainerWatch.open(engine, ownLabels(spec)))
    try {
      const address = await parts.start(signal)
      const { listener, identity, clock, log } = options
      const identityExpiresAtMs = (): number | undefined => identity.expiresAtMs
      return new BridgeLife(
        parts,
        address,
        new AgentVoice({ ...listener, spec, identityExpiresAtMs, clock, log }),
      )
    } catch (error) {
      const died = await parts.agentEnd().catch(() => undefined)
      await parts.abandon()
      throw died ?? error
    }
  }

  nudge(reason: NudgeReason): void {
    const { log } = this.#parts.options
    this.control
      .nudge(reason, this.#parts.ending.signal)
      .catch((error: unknown) => log.debug('bridge', 'nudge not heard', { error }))
  }

  /** In order: the agent unmounts and goes, then the tunnel. Never rejects. */
  end(): Promise<void> {
    return this.#parts.end()
  }

  /** At once, the agent first. Never rejects; an agent that does not go is left to those who linger, and its tunnel with it. */
  abandon(): Promise<void> {
    return this.#parts.abandon()
  }

  async #follow(voice: AgentVoice): Promise<AppError> {
    const { options, watch, ending } = this.#parts
    const silent = followAgent({
      control: this.control,
      onEvent: (event) => voice.hear(event),
      onHealth: (health) => voice.hearHealth(health),
      signal: ending.signal,
      clock: options.clock,
    }).then(() => new AppError('bridge-timeout', { timeoutMs: unresponsiveLimitMs }))
    const lost = watch.engineLost.then(() => new AppError('engine-not-running'))
    return await Promise.race([this.#parts.agentEnded(() => voice.last), silent, lost])
  }
}

/** What has been made so far, and how to get rid of it. */
class LifeParts {
  readonly options: LifeOptions
  readonly watch: ContainerWatch
  readonly ending = new AbortController()
  readonly #token = randomBytes(32).toString('hex')
  readonly #names: LifeNames
  #agentId: string | undefined
  #agentInput: EngineConnection | undefined
  #tunnel: TunnelKeeper | undefined
  #keeping: Promise<void> | undefined

  constructor(options: LifeOptions, watch: ContainerWatch) {
    this.options = options
    this.watch = watch
    const { image, fingerprint } = options
    this.#names = { lifeId: randomBytes(4).toString('hex'), image, fingerprint }
  }

  async start(signal: AbortSignal): Promise<BridgeAddress> {
    const { spec, engine, onStarting } = this.options
    // Not with the signal: a container whose making was broken off may still come to be, and nobody would know its id.
    this.#agentId = await engine.createContainer(agentContainer(spec, this.#names))
    signal.throwIfAborted()
    onStarting()
    this.#agentInput = await engine.startContainer(this.#agentId, agentLine(spec, this.#token))
    signal.throwIfAborted()
    const address = await this.#addressOf(this.#agentId, signal)
    await this.#startTunnel(this.#agentId, signal)
    return address
  }

  /** Resolves when the agent's container has ended, with why. */
  async agentEnded(lastReport: () => AgentReport): Promise<AppError> {
    const end = await this.watch.endOf(this.#agentId ?? '')
    return await this.#explainEnd(end, lastReport().error)
  }

  /** Why the agent's container does not run any more; nothing when it does, or was never made. */
  async agentEnd(): Promise<AppError | undefined> {
    const id = this.#agentId
    const details = id === undefined ? undefined : await this.options.engine.inspectContainer(id)
    if (details === undefined || !['exited', 'dead'].includes(details.state)) return undefined
    return await this.#explainEnd(details, undefined)
  }

  async end(): Promise<void> {
    this.ending.abort()
    await this.#keeping
    const { engine } = this.options
    const id = this.#agentId
    if (id !== undefined) {
      this.#agentInput?.[Symbol.dispose]()
      await this.#tried('agent not stopped', engine.stopContainer(id, agentStopTimeoutMs))
      await this.#tried('agent not removed', engine.removeContainer(id))
    }
    await this.#tunnel?.end()
    this.watch[Symbol.dispose]()
  }

  async abandon(): Promise<void> {
    this.ending.abort()
    this.#agentInput?.[Symbol.dispose]()
    const id = this.#agentId
    const { engine, lingering } = this.options
    const isGone = id === undefined || (await this.#tried('agent not removed', engine.removeContainer(id)))
    await this.#keeping
    if (isGone) {
      await this.#tunnel?.discard()
      this.watch[Symbol.dispose]()
    } else lingering.add({ agentId: id, tunnel: this.#tunnel, watch: this.watch })
  }

  async #startTunnel(agentId: string, signal: AbortSignal): Promise<void> {
    const { spec, ...rest } = this.options
    const { route } = spec
    if (route.kind !== 'tunnel') return
    const parts = { spec, route, agentId, token: this.#token, names: this.#names, watch: this.watch }
    this.#tunnel = new TunnelKeeper({ ...rest, ...parts })
    await this.#tunnel.start(signal)
    this.#keeping = this.#tunnel.keep(this.ending.signal)
  }

  async #addressOf(agentId: string, signal: AbortSignal): Promise<BridgeAddress> {
    const ports = (await this.options.engine.inspectContainer(agentId, signal))?.publishedPorts
    const control = ports?.get(bridgePorts.control)
    const files = ports?.get(bridgePorts.files)
    if (control === undefined || files === undefined) {
      throw new AppError('engine-failed', { reason: 'it published no ports' })
    }
    return {
      controlUrl: `http://${control.host}:${control.port}`,
      filesUrl: `http://${files.host}:${files.port}`,
      token: this.#token,
    }
  }

  /** What it wrote last goes to the log, before it is removed. */
  async #explainEnd(
    { exitCode, wasOutOfMemory }: ContainerEnd,
    lastError: AppError | undefined,
  ): Promise<AppError> {
    const { engine, log } = this.options
    // One that was asked to end has nothing to explain, and may be gone already.
    if (!this.ending.signal.aborted) {
      const lines = await engine.lastLogLines(this.#agentId ?? '', lastLines)
      log.warn('bridge', 'agent ended', { exitCode, wasOutOfMemory, lines })
    }
    return endError({ exitCode, wasOutOfMemory }, lastError)
  }

  /** Whether it came to be. */
  async #tried(failure: string, work: Promise<void>): Promise<boolean> {
    try {
      await work
      return true
    } catch (error) {
      this.options.log.warn('bridge', failure, { id: this.#agentId, error })
      return false
    }
  }
}
