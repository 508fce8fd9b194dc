import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { ByteRange, OpenedFile } from '../../../../../src-main/front/vfs/backend.ts'
import { isAppError } from '../../../../../src-main/shared/errors.ts'
import { chunksOf } from '../../../../fakes/memory-backend.ts'
import { at, blockBytes, mebibyte, never, openCache, textFor, type OpenedCache } from './open-cache.ts'
import { drawn } from '../../../../harness/drawn.ts'

const paths = ['/a', '/b']
const texts = [0, 1, 70_000, blockBytes, blockBytes + 1, 5 * blockBytes, 2 * mebibyte + 3].map(
  (bytes, seed) => textFor(bytes, seed + 1),
)

/** A body that is being read, and what it has given so far. */
interface Reading {
  readonly file: OpenedFile
  readonly range: ByteRange | undefined
  readonly chunks: AsyncIterator<Uint8Array>
  readonly abort: AbortController
  taken: string
}

/** A cache and the contents its backend ever had, by file id, which is new for every content. */
class World {
  readonly opened: OpenedCache
  readonly #contents = new Map<number, string>()
  /** Where a range would have to begin to follow the last one. */
  readonly #ends = new Map<string, number>()
  #readings: Reading[] = []
  #wasReplaced = false
  #wasBroken = false

  private constructor(maxBytes: number) {
    this.opened = openCache({ maxBytes })
  }

  static async make(maxBytes: number): Promise<World> {
    const world = new World(maxBytes)
    for (const path of paths) await world.put(path, 5)
    world.#wasReplaced = false
    return world
  }

  async put(path: string, text: number): Promise<void> {
    this.#wasReplaced = true
    this.opened.memory.put(path, texts[text]!)
    await this.#note(path)
  }

  async write(path: string, text: number): Promise<void> {
    this.#wasReplaced = true
    await this.opened.backend.write(at(path), chunksOf(texts[text]!), never)
    await this.#note(path)
  }

  async swap(): Promise<void> {
    this.#wasReplaced = true
    for (const [from, to] of [
      ['/a', '/c'],
      ['/b', '/a'],
      ['/c', '/b'],
    ]) {
      await this.opened.backend.move(at(from!), at(to!), never)
    }
  }

  async open(path: string, range: ByteRange | undefined): Promise<void> {
    const abort = new AbortController()
    const current = await this.opened.memory.stat(at(path), never)
    const isInOrder = range !== undefined && this.#ends.get(path) === range.start
    if (range !== undefined) this.#ends.set(path, range.end + 1)
    try {
      const file = await this.opened.open(path, range, abort)
      // Who goes on in order may be given for a while yet what the file was.
      if (!isInOrder) expect(file.attributes.fileId).toBe(current.fileId)
      const chunks = file.body[Symbol.asyncIterator]()
      this.#readings.push({ file, range, chunks, abort, taken: '' })
    } catch (error) {
      if (!this.#wasBroken || !isAppError(error, 'stalled')) throw error
    }
  }

  /** Asks for what follows the last range. */
  openNext(path: string, bytes: number): Promise<void> {
    const start = this.#ends.get(path) ?? 0
    return this.open(path, { start, end: start + bytes - 1 })
  }

  async take(index: number, chunkCount: number): Promise<void> {
    const reading = this.#readings[index % Math.max(1, this.#readings.length)]
    for (let count = 0; reading !== undefined && count < chunkCount; count += 1) {
      try {
        const step = await reading.chunks.next()
        if (step.done === true) {
          this.#forget(reading)
          expect(reading.taken.length).toBe(reading.file.length)
          return
        }
        reading.taken += Buffer.from(step.value).toString()
      } catch (error) {
        // Only what was replaced in between may fail, and only after something was lost on the way.
        this.#forget(reading)
        expect(error).toMatchObject({ code: 'busy' })
        expect(this.#wasReplaced && this.#wasBroken).toBe(true)
        return
      }
      this.#check(reading)
    }
  }

  async leave(index: number, way: 'abort' | 'close'): Promise<void> {
    const reading = this.#readings[index % Math.max(1, this.#readings.length)]
    if (reading === undefined) return
    if (way === 'abort') reading.abort.abort()
    else await reading.file.close()
    this.#forget(reading)
  }

  breakOff(afterBytes: number): void {
    this.#wasBroken = true
    this.opened.faults.inject({
      methods: ['read'],
      times: 1,
      effect: { kind: 'disconnect', afterBytes, code: 'stalled' },
    })
  }

  async end(): Promise<void> {
    while (this.#readings.length > 0) await this.take(0, 1)
    await this.opened[Symbol.asyncDispose]()
  }

  async #note(path: string): Promise<void> {
    const { fileId } = await this.opened.memory.stat(at(path), never)
    this.#contents.set(fileId, this.opened.memory.snapshot()[path]!)
  }

  #check({ file, range, taken }: Reading): void {
    const content = this.#contents.get(file.attributes.fileId)!
    const start = range?.start ?? 0
    // Compared as booleans: a difference of megabytes is of no use to print.
    expect(content.length === file.attributes.size).toBe(true)
    expect(content.slice(start, start + taken.length) === taken).toBe(true)
  }

  #forget(reading: Reading): void {
    this.#readings = this.#readings.filter((other) => other !== reading)
  }
}

interface Step {
  /** What a counterexample shows. */
  readonly says: string
  readonly run: (world: World) => void | Promise<void>
}

function named(says: string, run: Step['run']): Step {
  return { says, run }
}

const path = fc.constantFrom(...paths)
const text = fc.nat(texts.length - 1)
const range = fc.option(
  fc
    .tuple(fc.nat(2 * mebibyte + 10), fc.constantFrom(0, 9, 5_000, blockBytes, mebibyte, 4 * mebibyte))
    .map(([start, more]) => ({ start, end: start + more })),
  { nil: undefined },
)
const some = fc.nat(7)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(path, range)
      .map(([p, r]): Step => named(`open ${p} ${JSON.stringify(r)}`, (world) => world.open(p, r))),
  },
  {
    weight: 6,
    arbitrary: fc
      .tuple(path, fc.constantFrom(1, 70_000, blockBytes, 2 * blockBytes))
      .map(([p, n]): Step => named(`openNext ${p} ${n}`, (world) => world.openNext(p, n))),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(some, some)
      .map(([i, n]): Step => named(`take ${i} ${n + 1}`, (world) => world.take(i, n + 1))),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(path, text).map(([p, t]): Step => named(`put ${p} ${t}`, (world) => world.put(p, t))),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(path, text)
      .map(([p, t]): Step => named(`write ${p} ${t}`, (world) => world.write(p, t))),
  },
  { weight: 1, arbitrary: fc.constant<Step>(named('swap', (world) => world.swap())) },
  {
    weight: 1,
    arbitrary: fc.nat(mebibyte).map((n): Step => named(`breakOff ${n}`, (world) => world.breakOff(n))),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(some, fc.constantFrom('abort' as const, 'close' as const))
      .map(([i, way]): Step => named(`leave ${i} ${way}`, (world) => world.leave(i, way))),
  },
)

describe('any sequence of reads and changes', () => {
  it.each([
    ['with room for everything', 64 * mebibyte],
    ['with room for some blocks', 6 * blockBytes],
    ['without room', 1],
  ])('gives only what the backend had at one moment, %s', async (_name, maxBytes) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const world = await World.make(maxBytes)
        for (const { run } of steps) await run(world)
        await world.end()
      }),
      drawn(60),
    )
  })
})
