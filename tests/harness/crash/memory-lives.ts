import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createVfs, type QueuedDrive } from '../../../src-main/front/vfs/drive-vfs.ts'
import { openUploadStore } from '../../../src-main/front/vfs/uploads/store/open-upload-store.ts'
import type { DurableStep, UploadStore } from '../../../src-main/front/vfs/uploads/upload-store.ts'
import { isAppError } from '../../../src-main/shared/errors.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { FaultBackend } from '../../fakes/fault-backend.ts'
import type { FaultInput } from '../../fakes/faults.ts'
import { chunksOf, MemoryBackend, textOf } from '../../fakes/memory-backend.ts'
import { seededRandom } from '../../fakes/seeded-random.ts'
import { at, call } from '../open-vfs.ts'
import { waitFor } from '../wait-for.ts'
import { durableSteps } from './durable-steps.ts'
import { History, type HistoryClient } from './history.ts'
import type { TreeChange, TreeState } from './tree-state.ts'

const lives = 3
const changesPerLife = 10
/** By the drive's clock, for at least a millisecond of ours. */
const stepMs = 200
/** A move that the death cut in two is brought to its end first; until then both ends of it may be seen. */
const settlingMs = 1_000
const transient = ['stalled', 'backend-failed', 'busy', 'cancelled'] as const
const slowDelivery: FaultInput = {
  effect: { kind: 'latency', latencyMs: 100, jitterMs: 4_000 },
  methods: ['write'],
}
const troubles: readonly FaultInput[] = [
  { effect: { kind: 'stall' }, times: 3 },
  { effect: { kind: 'lost-answer', code: 'stalled' }, methods: ['write'], times: 2 },
  { effect: { kind: 'lost-answer', code: 'backend-failed' }, methods: ['move', 'remove'], times: 1 },
  { effect: { kind: 'disconnect', afterBytes: 10, code: 'stalled' }, methods: ['write'], times: 2 },
  { effect: { kind: 'error', code: 'backend-failed' }, methods: ['write', 'stat'], times: 3 },
]

/** A machine with its disk and its backend, at one moment. */
interface Machine {
  readonly stateDir: string
  readonly memory: MemoryBackend
}

/**
 * One history whose drive dies at random durable steps, without a process: the disk and the backend are copied at that
 * very moment, as a kill leaves them, and the next life goes on with the copies. @throws when anything is lost, doubled or mixed.
 */
export async function liveThroughInMemory(seed: number): Promise<void> {
  const random = seededRandom(seed)
  const clock = new FakeClock()
  using rootDir = makeDir()
  let machine: Machine = { stateDir: join(rootDir.dir, '0'), memory: new MemoryBackend(clock) }
  mkdirSync(machine.stateDir)
  let life: Life | undefined
  const client: HistoryClient = {
    make: (change) => life!.make(change),
    read: (path) => life!.read(path),
    observe: () => life!.observe(),
  }
  const isGone = (): boolean => life?.left !== undefined
  const history = new History({ client, name: `seed ${seed}`, random, isGone })

  for (let number = 1; number <= lives; number++) {
    const death = { step: pick(durableSteps, random), left: 1 + Math.floor(random() * 6) }
    life = new Life(machine, clock, join(rootDir.dir, String(number)), death)
    history.note(`lives until ${death.left} × ${death.step}`)
    await clock.advance(settlingMs)
    await history.check()
    life.faults.inject(slowDelivery)
    using _trouble = life.faults.inject(pick(troubles, random))
    let changes = 0
    await history.live(() => isGone() || (changes += 1) > changesPerLife)
    machine = life.left ?? life.leaveNow()
    await life.haunt()
  }
  life = new Life(machine, clock, join(rootDir.dir, 'end'), { step: 'answered', left: Infinity })
  await clock.advance(settlingMs)
  await history.check()
  await life.passTime(life.vfs.uploads.drained(call.signal))
  history.compare(new Map(Object.entries(machine.memory.snapshot())))
  await life.haunt()
}

/** One life of a drive, from its start to the moment that it leaves disk and backend as they are. */
class Life {
  readonly vfs: QueuedDrive
  readonly faults: FaultBackend
  readonly #machine: Machine
  readonly #clock: FakeClock
  readonly #store: UploadStore
  readonly #nextDir: string
  /** What the drive left when it died; undefined while it lives. */
  left: Machine | undefined

  constructor(
    machine: Machine,
    clock: FakeClock,
    nextDir: string,
    death: { readonly step: DurableStep; left: number },
  ) {
    this.#machine = machine
    this.#clock = clock
    this.#nextDir = nextDir
    const { stateDir, memory } = machine
    this.faults = new FaultBackend(memory, clock)
    const onStep = (step: DurableStep): void => {
      if (step !== death.step) return
      death.left -= 1
      if (death.left === 0 && this.left === undefined) this.leaveNow()
    }
    this.#store = openUploadStore({ stateDir, maxBytes: 1e9, reserveBytes: 0, clock, onStep })
    this.vfs = createVfs({
      backend: this.faults,
      clock,
      stateDir,
      metadataTtlMs: 5_000,
      negativeTtlMs: 2_000,
      readOnly: false,
      uploads: { store: this.#store, mode: 'queued', hostName: 'Mac', onStep },
    })
  }

  leaveNow(): Machine {
    copyDir(this.#machine.stateDir, this.#nextDir)
    this.left = { stateDir: this.#nextDir, memory: this.#machine.memory.fork() }
    return this.left
  }

  /** What a dead drive still does touches only what nobody goes on with. */
  async haunt(): Promise<void> {
    await this.passTime(this.vfs[Symbol.asyncDispose]())
    await this.passTime(this.#store[Symbol.asyncDispose]())
    rmSync(this.#machine.stateDir, { recursive: true })
  }

  async make(change: TreeChange): ReturnType<HistoryClient['make']> {
    try {
      await this.passTime(this.#send(change))
    } catch (error) {
      if (this.left === undefined && isAppError(error, ...transient)) return 'unknown'
      if (this.left === undefined && isAppError(error)) return `refused with ${error.code}`
      throw error
    }
    // An answer that comes after the death is heard by nobody.
    if (this.left !== undefined) throw new Error('dead')
    return 'done'
  }

  async read(path: string): ReturnType<HistoryClient['read']> {
    try {
      const { body } = await this.passTime(this.vfs.read(at(path), undefined, call))
      return await this.passTime(textOf(body))
    } catch (error) {
      if (this.left !== undefined) throw error
      return { instead: String(error) }
    }
  }

  async observe(): Promise<TreeState> {
    const state = new Map<string, string | null>()
    const visit = async (path: string): Promise<void> => {
      const { children } = await this.passTime(this.vfs.list(at(path === '' ? '/' : path), call))
      for (const [name, node] of children) {
        const child = `${path}/${name}`
        if (node.kind === 'directory') {
          state.set(child, null)
          await visit(child)
        } else {
          const text = await this.read(child)
          state.set(child, typeof text === 'string' ? text : `(${text.instead})`)
        }
      }
    }
    await visit('')
    return state
  }

  /** Lets the drive's clock run until `work` is settled. */
  async passTime<T>(work: PromiseLike<T>): Promise<T> {
    let isSettled = false
    const settled = Promise.resolve(work).finally(() => (isSettled = true))
    settled.catch(() => undefined)
    // The disk works in real time: only what it is not busy with may take time by the clock.
    for (let turns = 0; turns < 20; turns++) await this.#clock.advance(0)
    await waitFor(() => isSettled || this.#clock.advance(stepMs).then(() => isSettled), {
      what: 'the drive to answer',
      limitMs: 60_000,
      everyMs: 1,
    })
    return settled
  }

  #send(change: TreeChange): Promise<unknown> {
    const path = at(change.path)
    switch (change.kind) {
      case 'put':
        return this.vfs.write(path, chunksOf(change.text), call)
      case 'mkcol':
        return this.vfs.makeDirectory(path, call)
      case 'move':
        return this.vfs.move(path, at(change.to), true, call)
      case 'delete':
        return this.vfs.remove(path, call)
    }
  }
}

function makeDir(): Disposable & { readonly dir: string } {
  // Thousands of short lives sync their state to disk; a disk in memory makes that cheap.
  const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'mountbar-lives-'))
  return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) }
}

/** As `cpSync`, which fails when one of the drive's threads removes a file from under it: that one has gone before the death. */
function copyDir(from: string, to: string): void {
  mkdirSync(to)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) copyDir(source, target)
    else
      try {
        copyFileSync(source, target)
      } catch (error) {
        if (existsSync(source)) throw error
      }
  }
}

function pick<T>(values: readonly T[], random: () => number): T {
  return values[Math.floor(random() * values.length)]!
}
