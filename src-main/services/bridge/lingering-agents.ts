import type { Logger } from '../../lib/logger.ts'
import type { ContainerWatch } from './container-watch.ts'
import type { Engine } from './ports.ts'
import type { TunnelKeeper } from './tunnel-keeper.ts'

/** An agent whose container was killed and is still there, with what belongs to it. */
export interface LingeringAgent {
  readonly agentId: string
  readonly tunnel: TunnelKeeper | undefined
  readonly watch: ContainerWatch
}

/**
 * Agents that do not go: the kernel takes their mount down first, and that waits for a server that cannot be reached. It may come back, and
 * then their tunnel is the way to it: without it such a container stays until the engine ends.
 */
export class LingeringAgents implements AsyncDisposable {
  readonly #engine: Engine
  readonly #log: Logger
  readonly #ending = new AbortController()
  readonly #containerIds = new Set<string>()
  readonly #waits = new Set<Promise<void>>()

  constructor({ engine, log }: { readonly engine: Engine; readonly log: Logger }) {
    this.#engine = engine
    this.#log = log
  }

  /** Whether that container is an agent which is waited for, or its tunnel. */
  has(containerId: string): boolean {
    return this.#containerIds.has(containerId)
  }

  /** Takes over all that `agent` has, and removes it when the agent is gone, its engine is, or nobody waits any longer. */
  add(agent: LingeringAgent): void {
    const wait = this.#wait(agent).finally(() => this.#waits.delete(wait))
    this.#waits.add(wait)
  }

  /** Waits no longer. What the engine still does not remove is left to the next start. Never rejects. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort()
    await Promise.all(this.#waits)
  }

  async #wait({ agentId, tunnel, watch }: LingeringAgent): Promise<void> {
    const ids = [agentId, tunnel?.containerId].filter((id) => id !== undefined)
    for (const id of ids) this.#containerIds.add(id)
    this.#log.warn('bridge', 'agent lingers', { id: agentId })
    await Promise.race([watch.endOf(agentId), watch.engineLost, aborted(this.#ending.signal)])
    await this.#engine
      .removeContainer(agentId)
      .catch((error: unknown) => this.#log.warn('bridge', 'agent not removed', { id: agentId, error }))
    await tunnel?.discard()
    watch[Symbol.dispose]()
    for (const id of ids) this.#containerIds.delete(id)
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
