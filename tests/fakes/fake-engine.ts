import { bridgeImageLabels } from '../../docker/bridge/api/image.ts'
import { agentStartSchema, bridgeLabels } from '../../docker/bridge/api/start.ts'
import { bridgePorts } from '../../docker/bridge/api/ports.ts'
import type { Clock } from '../../src-main/lib/clock.ts'
import type {
  ContainerDetails,
  ContainerEvent,
  ContainerFacts,
  ContainerSpec,
  Engine,
  EngineConnection,
  ImageFacts,
  Labels,
} from '../../src-main/services/bridge/ports.ts'
import { AppError } from '../../src-main/shared/errors.ts'
import { FakeAgent, type AgentMood } from './fake-agent.ts'

export interface FakeContainer {
  readonly id: string
  readonly spec: ContainerSpec
  readonly createdAtMs: number
  state: 'created' | 'running' | 'exited'
  exitCode: number
  wasOutOfMemory: boolean
  /** Neither the end of its stdin nor a kill ends it; `end` does. */
  isStuck: boolean
  /** What came on stdin. */
  line?: string
  agent?: FakeAgent
  ports: ContainerDetails['publishedPorts']
  closeInput: () => void
}

type Call = 'build' | 'create' | 'start' | 'list'

/** An engine of containers without processes; an agent's answers on its control port as a real one does. */
export class FakeEngine implements Engine {
  readonly containers = new Map<string, FakeContainer>()
  readonly images = new Set<string>()
  /** Those of somebody else. */
  readonly unlabelledImages = new Set<string>()
  readonly builds: { readonly ref: string; readonly labels: Labels }[] = []
  /** What was done, in order, as `start agent`. */
  readonly journal: string[] = []
  /** How agents are that start from now on. */
  mood: AgentMood = { state: 'ready' }
  /** Runs when an agent has started, before anybody can speak to it. */
  onAgent: (agent: FakeAgent, container: FakeContainer) => void = () => undefined
  /** Awaited by the call it is set for, once: to be there in the middle of it. */
  readonly gates = new Map<Call, Promise<void>>()
  /** What the next calls of a kind reject with, first come first served. */
  readonly errors: { readonly call: Call; readonly role?: string; readonly error: AppError }[] = []
  readonly #clock: Clock
  readonly #followers = new Map<EngineConnection, (event: ContainerEvent) => void>()
  #isUp = true
  #count = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  hasImage(ref: string): Promise<boolean> {
    return this.#do(undefined, () => this.images.has(ref))
  }

  async buildImage(
    { ref, labels }: { readonly ref: string; readonly labels: Labels },
    onProgress: (line: string) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#do('build', () => onProgress('step one'))
    if (signal?.aborted === true) throw new AppError('cancelled')
    this.builds.push({ ref, labels })
    this.images.add(ref)
  }

  pullImage(ref: string): Promise<void> {
    return this.#do(undefined, () => void this.images.add(ref))
  }

  listImages(): Promise<readonly ImageFacts[]> {
    const isUsed = (ref: string): boolean =>
      [...this.containers.values()].some(({ spec }) => spec.image === ref)
    return this.#do(undefined, () =>
      [...this.images].map((ref) => ({
        refs: [ref],
        labels: this.unlabelledImages.has(ref) ? {} : bridgeImageLabels,
        isUsed: isUsed(ref),
      })),
    )
  }

  removeImage(ref: string): Promise<void> {
    return this.#do(undefined, () => void this.images.delete(ref))
  }

  createContainer(spec: ContainerSpec): Promise<string> {
    return this.#do('create', () => this.add(spec).id, roleOf(spec))
  }

  /** One that is there already, or that this engine makes. */
  add(
    spec: ContainerSpec,
    state: FakeContainer['state'] = 'created',
    createdAtMs = this.#clock.now(),
  ): FakeContainer {
    this.#count += 1
    const container: FakeContainer = {
      id: `c${this.#count}`,
      spec,
      state,
      createdAtMs,
      exitCode: 0,
      wasOutOfMemory: false,
      isStuck: false,
      ports: new Map(),
      closeInput: () => undefined,
    }
    this.containers.set(container.id, container)
    return container
  }

  async startContainer(id: string, line: string): Promise<EngineConnection> {
    const container = this.#get(id)
    await this.#do('start', () => undefined, roleOf(container.spec))
    const { network } = container.spec
    if (network.kind === 'of-container' && this.containers.get(network.containerId)?.state !== 'running') {
      throw new AppError('engine-failed', { reason: 'cannot join network of a non running container' })
    }
    container.state = 'running'
    container.line = line
    if (roleOf(container.spec) === 'agent') await this.#startAgent(container)
    const connection = connectionOf(() => {
      if (!container.isStuck) this.end(id, 0)
    })
    container.closeInput = connection.close
    return connection
  }

  async stopContainer(id: string): Promise<void> {
    await this.#do(undefined, () => this.#note('stop', id))
    this.end(id, 0)
  }

  async removeContainer(id: string): Promise<void> {
    await this.#do(undefined, () => this.#note('remove', id))
    if (this.containers.get(id)?.isStuck === true) {
      throw new AppError('engine-failed', { reason: 'did not receive an exit event' })
    }
    this.end(id, 137)
    if (this.containers.delete(id)) this.#tell({ type: 'removed', containerId: id })
  }

  inspectContainer(id: string): Promise<ContainerDetails | undefined> {
    return this.#do(undefined, () => {
      const container = this.containers.get(id)
      if (container === undefined) return undefined
      const { exitCode, wasOutOfMemory, ports } = container
      return { ...factsOf(container), exitCode, wasOutOfMemory, publishedPorts: ports }
    })
  }

  listContainers(labels: Labels): Promise<readonly ContainerFacts[]> {
    return this.#do('list', () =>
      [...this.containers.values()]
        .map(factsOf)
        .filter((facts) => Object.entries(labels).every(([key, value]) => facts.labels[key] === value)),
    )
  }

  lastLogLines(): Promise<readonly string[]> {
    return Promise.resolve(['its last words'])
  }

  async followEvents(_labels: Labels, onEvent: (event: ContainerEvent) => void): Promise<EngineConnection> {
    return await this.#do(undefined, () => {
      const connection = connectionOf(() => this.#followers.delete(connection))
      this.#followers.set(connection, onEvent)
      return connection
    })
  }

  /** Ends a container from within, as a crash does. */
  end(id: string, exitCode: number, wasOutOfMemory = false): void {
    const container = this.containers.get(id)
    if (container?.state !== 'running') return
    Object.assign(container, { state: 'exited', exitCode, wasOutOfMemory, isStuck: false })
    container.agent?.close()
    if (wasOutOfMemory) this.#tell({ type: 'out-of-memory', containerId: id })
    this.#tell({ type: 'died', containerId: id, exitCode })
  }

  /** The engine's machine goes away with all that runs on it. */
  goDown(): void {
    this.#isUp = false
    for (const container of this.containers.values()) {
      container.state = 'exited'
      container.agent?.close()
    }
    for (const connection of [...this.#followers.keys()]) connection[Symbol.dispose]()
  }

  comeUp(): void {
    this.#isUp = true
  }

  running(role: string): readonly FakeContainer[] {
    return [...this.containers.values()].filter(
      ({ spec, state }) => roleOf(spec) === role && state === 'running',
    )
  }

  /** The one that runs. */
  one(role: 'agent' | 'tunnel'): FakeContainer {
    const [only, ...more] = this.running(role)
    if (only === undefined || more.length > 0) throw new Error(`expected one running ${role}`)
    return only
  }

  dispose(): void {
    for (const { agent } of this.containers.values()) agent?.close()
  }

  async #startAgent(container: FakeContainer): Promise<void> {
    const { token } = agentStartSchema.parse(JSON.parse(container.line ?? ''))
    const agent = new FakeAgent(token, this.mood, this.#clock)
    container.agent = agent
    this.onAgent(agent, container)
    const port = await agent.listen()
    container.ports = new Map([
      [bridgePorts.control, { host: '127.0.0.1', port }],
      [bridgePorts.files, { host: '127.0.0.1', port: port + 1 }],
    ])
  }

  async #do<T>(call: Call | undefined, work: () => T, role?: string): Promise<T> {
    if (call !== undefined) {
      await this.gates.get(call)
      this.gates.delete(call)
    }
    if (!this.#isUp) throw new AppError('engine-not-running')
    const at = this.errors.findIndex((planned) => planned.call === call && (planned.role ?? role) === role)
    const [planned] = at === -1 ? [] : this.errors.splice(at, 1)
    if (planned !== undefined) throw planned.error
    if (call === 'create' || call === 'start') this.journal.push(`${call} ${role ?? ''}`)
    return work()
  }

  #note(what: string, id: string): void {
    const container = this.containers.get(id)
    if (container !== undefined) this.journal.push(`${what} ${roleOf(container.spec)}`)
  }

  #get(id: string): FakeContainer {
    const container = this.containers.get(id)
    if (container === undefined) throw new AppError('engine-failed', { reason: 'no such container' })
    return container
  }

  #tell(event: ContainerEvent): void {
    for (const follower of this.#followers.values()) follower(event)
  }
}

function roleOf({ labels }: ContainerSpec): string {
  return labels[bridgeLabels.role] ?? 'other'
}

function factsOf({ id, spec, state, createdAtMs }: FakeContainer): ContainerFacts {
  return { id, labels: spec.labels, state, createdAtMs }
}

function connectionOf(onClose: () => void): EngineConnection & { readonly close: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const close = (): void => {
    resolve(undefined)
    onClose()
  }
  return { closed: promise.then(() => undefined), close, [Symbol.dispose]: close }
}
