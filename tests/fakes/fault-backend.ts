import type {
  Attributes,
  Backend,
  ByteRange,
  Call,
  Chunks,
  Listing,
  OpenedFile,
  SpaceInfo,
} from '../../src-main/front/vfs/backend.ts'
import { rootPath, type VfsPath } from '../../src-main/front/vfs/path.ts'
import type { Clock } from '../../src-main/lib/clock.ts'
import { AppError } from '../../src-main/shared/errors.ts'
import { faultyBody } from './faulty-body.ts'
import {
  backendMethods,
  faultSchema,
  type BackendMethod,
  type Effect,
  type Fault,
  type FaultInput,
} from './faults.ts'
import { seededRandom } from './seeded-random.ts'

/** One fault as it met one call. */
export interface ActiveEffect {
  readonly effect: Effect
  /** Resolves when the fault is lifted. */
  readonly lifted: Promise<unknown>
}

interface Injected extends ActiveEffect {
  readonly fault: Fault
  readonly lift: (value: undefined) => void
  left: number
}

/**
 * A `Backend` whose calls go wrong as told, at run time. Faults that meet one call take effect in the order they were
 * injected; a call that an aborted signal ends while it is held up has done nothing.
 */
export class FaultBackend implements Backend {
  /** Calls by method since the start, met by a fault or not, answered or not. */
  readonly calls = Object.fromEntries(backendMethods.map((method) => [method, 0])) as Record<
    BackendMethod,
    number
  >
  readonly #inner: Backend
  readonly #clock: Clock
  readonly #random: () => number
  readonly #faults = new Set<Injected>()
  #heldUp = 0

  /** `seed` decides all jitter. */
  constructor(inner: Backend, clock: Clock, seed = 1) {
    this.#inner = inner
    this.#clock = clock
    this.#random = seededRandom(seed)
  }

  get totalCalls(): number {
    return Object.values(this.calls).reduce((sum, count) => sum + count, 0)
  }

  /** Calls that a `stall` holds up right now. */
  get heldUp(): number {
    return this.#heldUp
  }

  /** Lets `fault` meet the calls to come until it is used up or the handle is disposed, which also releases what it holds up. */
  inject(fault: FaultInput): Disposable {
    const parsed = faultSchema.parse(fault)
    const { promise: lifted, resolve: lift } = Promise.withResolvers<undefined>()
    const injected = { fault: parsed, effect: parsed.effect, lifted, lift, left: parsed.times ?? Infinity }
    this.#faults.add(injected)
    return {
      [Symbol.dispose]: () => {
        this.#faults.delete(injected)
        lift(undefined)
      },
    }
  }

  list(path: VfsPath, call: Call): Promise<Listing> {
    return this.#run('list', [path], call, () => this.#inner.list(path, call))
  }

  stat(path: VfsPath, call: Call): Promise<Attributes> {
    return this.#run('stat', [path], call, () => this.#inner.stat(path, call))
  }

  read(path: VfsPath, range: ByteRange | undefined, call: Call): Promise<OpenedFile> {
    return this.#run('read', [path], call, async (effects) => {
      const opened = await this.#inner.read(path, range, call)
      return {
        attributes: opened.attributes,
        length: opened.length,
        body: this.#faulty(opened.body, effects, call),
        close: () => opened.close(),
      }
    })
  }

  write(path: VfsPath, body: Chunks, call: Call): Promise<Attributes> {
    return this.#run('write', [path], call, (effects) =>
      this.#inner.write(path, this.#faulty(body, effects, call), call),
    )
  }

  makeDirectory(path: VfsPath, call: Call): Promise<Attributes> {
    return this.#run('makeDirectory', [path], call, () => this.#inner.makeDirectory(path, call))
  }

  move(from: VfsPath, to: VfsPath, call: Call): Promise<Attributes> {
    return this.#run('move', [from, to], call, () => this.#inner.move(from, to, call))
  }

  remove(path: VfsPath, call: Call): Promise<void> {
    return this.#run('remove', [path], call, () => this.#inner.remove(path, call))
  }

  statfs(call: Call): Promise<SpaceInfo> {
    return this.#run('statfs', [rootPath], call, () => this.#inner.statfs(call))
  }

  async #run<T>(
    method: BackendMethod,
    paths: readonly VfsPath[],
    call: Call,
    work: (effects: readonly ActiveEffect[]) => Promise<T>,
  ): Promise<T> {
    this.calls[method] += 1
    const effects = this.#meeting(method, paths)
    for (const active of effects) await this.#before(active, call)
    const answer = await work(effects)
    for (const { effect } of effects) if (effect.kind === 'lost-answer') throw new AppError(effect.code)
    return answer
  }

  #meeting(method: BackendMethod, paths: readonly VfsPath[]): readonly ActiveEffect[] {
    const met: Injected[] = []
    for (const injected of this.#faults) {
      const { methods, path } = injected.fault
      if (methods !== undefined && !methods.includes(method)) continue
      if (path !== undefined && !paths.some((candidate) => new RegExp(path).test(candidate))) continue
      met.push(injected)
      injected.left -= 1
      if (injected.left === 0) this.#faults.delete(injected)
    }
    return met
  }

  async #before({ effect, lifted }: ActiveEffect, call: Call): Promise<void> {
    switch (effect.kind) {
      case 'latency':
        await this.#pause(effect.latencyMs + this.#random() * effect.jitterMs, call)
        break
      case 'stall':
        await this.#heldUntil(lifted, call)
        break
      case 'error':
        throw new AppError(effect.code)
      case 'lost-answer':
      case 'short-read':
      case 'disconnect':
      case 'body-stall':
      case 'drip':
        break // Not at the beginning.
    }
  }

  #faulty(body: Chunks, effects: readonly ActiveEffect[], call: Call): Chunks {
    return faultyBody(body, effects, {
      pause: (ms) => this.#pause(ms, call),
      until: (lifted) => this.#heldUntil(lifted, call),
    })
  }

  async #pause(ms: number, call: Call): Promise<void> {
    try {
      await this.#clock.sleep(ms, call.signal)
    } catch (cause) {
      throw new AppError('cancelled', {}, { cause })
    }
  }

  async #heldUntil(lifted: Promise<unknown>, { signal }: Call): Promise<void> {
    this.#heldUp += 1
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    const onAbort = (): void => reject(new AppError('cancelled', {}, { cause: signal.reason }))
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    try {
      await Promise.race([lifted, aborted])
    } finally {
      signal.removeEventListener('abort', onAbort)
      this.#heldUp -= 1
    }
  }
}
