import { mkdirSync } from 'node:fs'

import { isAppError } from '../../../../../src-main/shared/errors.ts'
import { FakeClock } from '../../../../fakes/fake-clock.ts'
import { MemoryBackend } from '../../../../fakes/memory-backend.ts'
import { MemoryDisk } from '../../../../fakes/memory-upload-store.ts'
import { seededRandom } from '../../../../fakes/seeded-random.ts'
import { wrongWith } from './judge-look.ts'
import { fileNames, pick, randomChange } from './random-change.ts'
import { SlowDrive } from './slow-drive.ts'
import { above, Worlds, type Change } from './worlds.ts'

export interface WatchedOptions {
  readonly seed: number
  readonly mode: 'queued' | undefined
  readonly longestMs: number
  /** Answers of changes to the tree, from 0 to 1. */
  readonly lost: number
  readonly ttlMs: number
  readonly stateDir: string
}

const lives = 3
const lifeMs = 20_000
const longestPauseMs = 1_500
const linesTold = 80

class Wrong extends Error {}

/** Lives through a history whose looks and changes overlap. @returns what was wrong, with what happened before. */
export async function watchLooks(options: WatchedOptions): Promise<string | undefined> {
  const watched = new WatchedDrive(options)
  try {
    await watched.live()
    return undefined
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
    return `seed ${options.seed}: ${error.message}\n  ${watched.log.slice(-linesTold).join('\n  ')}`
  } finally {
    await watched.die()
  }
}

class WatchedDrive {
  readonly log: string[] = []
  readonly #options: WatchedOptions
  readonly #clock = new FakeClock()
  readonly #memory = new MemoryBackend(this.#clock)
  readonly #disk = new MemoryDisk()
  readonly #worlds = new Worlds()
  readonly #random: () => number
  #drive: SlowDrive
  #wrong: Wrong | undefined
  #texts = 0

  constructor(options: WatchedOptions) {
    this.#options = options
    this.#random = seededRandom(options.seed)
    mkdirSync(options.stateDir)
    this.#drive = this.#begin()
  }

  async live(): Promise<void> {
    for (let life = 1; life <= lives; life++) {
      await this.#wakeUp()
      await this.#changeAndLook()
      this.#note('dies')
      await this.die()
      this.#drive = this.#begin()
    }
    await this.#wakeUp()
    await this.#passTime(this.#drive.drained())
    this.#check('the backend', () => this.#worlds.settle(new Map(Object.entries(this.#memory.snapshot()))))
  }

  async die(): Promise<void> {
    await this.#passTime(this.#drive.die())
  }

  #begin(): SlowDrive {
    const note = (line: string): void => this.#note(line)
    this.#note('a life begins')
    return new SlowDrive({
      ...this.#options,
      clock: this.#clock,
      memory: this.#memory,
      disk: this.#disk,
      random: this.#random,
      note,
    })
  }

  /** Looks on while what an earlier life has left is settled; then what is seen is what there is. */
  async #wakeUp(): Promise<void> {
    const unsettled = this.#disk.intents.flatMap(({ from, to }) => [above(from), above(to ?? from)])
    const looks = [this.#looking(unsettled[0]), this.#looking(unsettled[1])]
    await this.#passTime(this.#isSettled())
    this.#drive.isClosing = true
    await this.#passTime(Promise.all(looks))
    this.#drive.isClosing = false
    const seen = await this.#passTime(this.#drive.everything())
    this.#note(`seen: ${[...seen].join(' ')}`)
    this.#check('what is seen', () => this.#worlds.settle(seen))
  }

  async #isSettled(): Promise<void> {
    while (this.#disk.intents.length > 0) await this.#clock.sleep(100)
    await this.#clock.sleep(Math.floor(10_000 * this.#random()))
  }

  async #changeAndLook(): Promise<void> {
    const clients = [this.#changing(true), this.#looking(), this.#looking(), this.#looking()]
    // In a silent moment after a lost answer a folder that somebody has just removed is saved into all the same.
    if (this.#options.lost === 0) clients.push(this.#changing(false))
    const isHalfDone = await this.#passTime(this.#isTimeToDie())
    if (isHalfDone || this.#random() < 0.5) await this.die()
    this.#drive.isClosing = true
    await this.#passTime(Promise.all(clients))
  }

  /** A good moment to die is when something is half done: then it is true. */
  async #isTimeToDie(): Promise<boolean> {
    const endMs = this.#clock.monotonicMs() + lifeMs * this.#random()
    while (this.#clock.monotonicMs() < endMs) {
      await this.#clock.sleep(20)
      if (this.#disk.intents.length > 0 && this.#random() < 0.05) return true
    }
    return false
  }

  async #changing(hasDirectories: boolean): Promise<void> {
    const drive = this.#drive
    for (;;) {
      await this.#pause()
      if (drive.isClosing) return
      const text = `text ${++this.#texts}`
      const change = randomChange(this.#worlds.states, this.#random, { text, hasDirectories })
      if (change !== undefined) await this.#make(drive, change)
    }
  }

  async #make(drive: SlowDrive, change: Change): Promise<void> {
    const id = this.#worlds.begin(change)
    const words = `${id} ${Object.values(change).join(' ')}`
    this.#note(words)
    let isDone: boolean | undefined
    try {
      await drive.make(change)
      isDone = true
      this.#note(`${id} done`)
    } catch (error) {
      if (!isAppError(error, 'stalled', 'backend-failed', 'busy', 'cancelled')) isDone = false
      this.#note(`${id} failed: ${String(error)}`)
    }
    // What a dead drive says is heard by nobody.
    this.#check(words, () => this.#worlds.end(id, drive.isDead ? undefined : isDone))
  }

  /** Lists `first` at once. */
  async #looking(first?: string): Promise<void> {
    const drive = this.#drive
    if (first !== undefined) await this.#look(drive, 'list', first)
    for (;;) {
      await this.#pause()
      if (drive.isClosing) return
      const state = pick(this.#worlds.states, this.#random) ?? new Map<string, null>()
      const file = pick(fileNames, this.#random) ?? ''
      const path = pick(['', ...state.keys(), `/${file}`, `/d/${file}`, '/e'], this.#random) ?? ''
      await this.#look(drive, pick(['list', 'list', 'stat', 'read'] as const, this.#random) ?? 'list', path)
    }
  }

  async #look(drive: SlowDrive, kind: 'list' | 'stat' | 'read', path: string): Promise<void> {
    const words = `${kind} ${path || '/'}`
    this.#note(`${words}?`)
    const look = this.#worlds.beginLook()
    const outcome = await drive.ask(kind, path)
    this.#worlds.endLook(look)
    if (drive.isDead) return
    this.#note(`${words}: ${outcome instanceof Error ? String(outcome) : JSON.stringify(outcome)}`)
    const wrong = wrongWith(look, path, outcome)
    if (wrong !== undefined) this.#wrong ??= new Wrong(`${words} ${wrong}`)
  }

  #pause(): Promise<void> {
    return this.#clock.sleep(Math.floor(longestPauseMs * this.#random() ** 2))
  }

  /** Lets the clock run until `work` is settled. @throws what was found to be wrong meanwhile. */
  async #passTime<T>(work: Promise<T>): Promise<T> {
    const progress = { isSettled: false }
    const settled = work.finally(() => (progress.isSettled = true))
    settled.catch(() => undefined)
    for (let turns = 0; turns < 20; turns++) await this.#clock.advance(0)
    for (let turns = 0; !progress.isSettled; turns++) {
      if (this.#wrong !== undefined && !this.#drive.isDead) throw this.#wrong
      if (turns > 3_000) throw new Wrong('there was no answer')
      await this.#clock.advance(100)
    }
    return settled
  }

  #check(what: string, check: () => void): void {
    try {
      check()
    } catch (error) {
      this.#wrong ??= new Wrong(`${what}: ${(error as Error).message}`)
      throw this.#wrong
    }
  }

  #note(line: string): void {
    this.log.push(`${this.#clock.monotonicMs()} ${line}`)
  }
}
