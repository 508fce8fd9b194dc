import { bridgeLimits } from '../../../docker/bridge/api/image.ts'
import { backoffDelayMs } from '../../core/backoff.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { BridgeRoute, BridgeSpec } from './bridge.ts'
import { tunnelContainer, type LifeNames } from './container-specs.ts'
import type { ContainerWatch } from './container-watch.ts'
import type { IdentityKeeper } from './identity-keeper.ts'
import type { Engine, EngineConnection } from './ports.ts'
import { tunnelLine } from './start-lines.ts'

export interface TunnelOptions {
  readonly spec: BridgeSpec
  readonly route: Extract<BridgeRoute, { kind: 'tunnel' }>
  readonly names: LifeNames
  readonly agentId: string
  readonly token: string
  readonly identity: IdentityKeeper
  readonly watch: ContainerWatch
  readonly engine: Engine
  readonly clock: Clock
  readonly log: Logger
  readonly random: () => number
}

const retry = { firstMs: 500, maxMs: 30_000 }
/** A tunnel that ran this long was healthy: its end counts as the first. */
const healthyAfterMs = 60_000
const lastLines = 20

interface RunningTunnel {
  readonly id: string
  readonly input: EngineConnection
  readonly startedMs: number
}

/** The tunnel in the network of one agent. When it dies another one takes its place; the agent and its mount wait for it. */
export class TunnelKeeper {
  readonly #options: TunnelOptions
  #running: RunningTunnel | undefined
  #starts = 0

  constructor(options: TunnelOptions) {
    this.#options = options
  }

  /** Of the one that runs. */
  get containerId(): string | undefined {
    return this.#running?.id
  }

  /** Starts the first one. Nothing is left of it when it rejects. @throws AppError an engine's or an identity's. */
  async start(signal: AbortSignal): Promise<void> {
    this.#running = await this.#startOne(signal)
  }

  /** Replaces tunnels that die until `signal` is aborted. Never rejects. */
  async keep(signal: AbortSignal): Promise<void> {
    const { watch, clock, log, random } = this.#options
    let failures = 0
    while (!signal.aborted) {
      if (this.#running !== undefined) {
        const { id, startedMs } = this.#running
        const end = await Promise.race([watch.endOf(id), aborted(signal)])
        if (end === undefined) return
        if (clock.monotonicMs() - startedMs >= healthyAfterMs) failures = 0
        log.warn('bridge', 'tunnel ended', { ...end, lines: await this.#lastLines(id) })
        await this.discard()
      }
      // The first time at once: every second without it is one in which files do not answer.
      const delayMs = failures === 0 ? 0 : backoffDelayMs(failures - 1, retry, random)
      failures += 1
      try {
        await clock.sleep(delayMs, signal)
        this.#running = await this.#startOne(signal)
      } catch (error) {
        log.warn('bridge', 'tunnel not started', { failures, error })
      }
    }
  }

  /** In order, once the agent is gone. Never rejects. */
  async end(): Promise<void> {
    if (this.#running === undefined) return
    const { engine, log } = this.#options
    const { id, input } = this.#running
    input[Symbol.dispose]()
    await engine
      .stopContainer(id, bridgeLimits.tunnel.stopTimeoutSeconds * 1000)
      .catch((error: unknown) => log.warn('bridge', 'tunnel not stopped', { error }))
    await this.discard()
  }

  /** At once. Never rejects. */
  async discard(): Promise<void> {
    const running = this.#running
    if (running === undefined) return
    this.#running = undefined
    running.input[Symbol.dispose]()
    await this.#remove(running.id)
  }

  async #startOne(signal: AbortSignal): Promise<RunningTunnel> {
    const { spec, route, names, agentId, token, identity, engine, clock } = this.#options
    const line = tunnelLine(spec, route, token, await identity.get(signal))
    signal.throwIfAborted()
    this.#starts += 1
    const lifeId = `${names.lifeId}-${this.#starts}`
    const id = await engine.createContainer(tunnelContainer(spec, { ...names, lifeId }, agentId))
    try {
      signal.throwIfAborted()
      return { id, input: await engine.startContainer(id, line), startedMs: clock.monotonicMs() }
    } catch (error) {
      await this.#remove(id)
      throw error
    }
  }

  async #remove(id: string): Promise<void> {
    const { engine, log } = this.#options
    await engine
      .removeContainer(id)
      .catch((error: unknown) => log.warn('bridge', 'tunnel not removed', { id, error }))
  }

  async #lastLines(id: string): Promise<readonly string[]> {
    return await this.#options.engine.lastLogLines(id, lastLines)
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    else signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}
