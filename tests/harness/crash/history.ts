import { applied, describeChange, within, wrongWith, type TreeChange, type TreeState } from './tree-state.ts'

const names = ['a', 'b', 'c', 'd']
const directoryNames = ['folder', 'other']
const longestText = 100_000

/** How a history reaches its folder; paths begin with `/` below that. Whatever rejects counts as the death of the drive. */
export interface HistoryClient {
  /** `unknown` when the change was neither answered nor refused for good: it has happened, or not. */
  make(change: TreeChange): Promise<'done' | 'unknown' | `refused with ${string}`>
  /** A file's text, or what there was instead. */
  read(path: string): Promise<string | { readonly instead: string }>
  observe(): Promise<TreeState>
}

export interface HistoryOptions {
  readonly client: HistoryClient
  /** For messages, and in every text it writes. */
  readonly name: string
  readonly random: () => number
  /** Whether the drive has died, once something went wrong with the way to it. */
  readonly isGone: () => boolean | Promise<boolean>
}

/** Something was lost, doubled or mixed. */
export class WrongState extends Error {}

/** One client that changes its folder at random, one change after the other, and knows what must be there. */
export class History {
  readonly name: string
  readonly #client: HistoryClient
  readonly #random: () => number
  readonly #isGone: () => boolean | Promise<boolean>
  readonly #log: string[] = []
  #state: TreeState = new Map()
  #unanswered: TreeChange | undefined
  #puts = 0
  #answered = 0

  constructor({ client, name, random, isGone }: HistoryOptions) {
    this.#client = client
    this.name = name
    this.#random = random
    this.#isGone = isGone
  }

  /** Changes that were answered, and so must have happened. */
  get answered(): number {
    return this.#answered
  }

  get state(): TreeState {
    return this.#state
  }

  /** Makes changes and reads until `isOver`, or until the front is gone. @throws when a read or an answer is wrong, or missing. */
  async live(isOver: () => boolean): Promise<void> {
    try {
      while (!isOver()) {
        const path = this.#random() < 0.2 ? this.#pick(this.#files()) : undefined
        await (path === undefined ? this.#make(this.#nextChange()) : this.#read(path))
        if (this.#unanswered !== undefined) await this.check()
      }
    } catch (error) {
      if (error instanceof WrongState || !(await this.#isGone())) throw error
    }
  }

  /** Looks whether all that was answered is there, and takes what it sees for what will be. Only with a front that is there. */
  async check(): Promise<void> {
    const seen = await this.#client.observe()
    const wrong = wrongWith(seen, this.#state, this.#unanswered)
    if (wrong !== undefined) this.#fail(wrong)
    this.#log.push(`seen: ${this.#unanswered === undefined ? 'as it must be' : 'one or the other'}`)
    this.#state = seen
    this.#unanswered = undefined
  }

  /** @throws when `seen` is not what must be there. */
  compare(seen: TreeState): void {
    const wrong = wrongWith(seen, this.#state, undefined)
    if (wrong !== undefined) this.#fail(wrong)
  }

  /** Says something that all histories have met. */
  note(line: string): void {
    this.#log.push(line)
  }

  /** The last of what it did and saw, for messages. */
  story(): string {
    const below = within(this.#state, '').length
    return `${this.name} (${below} entries):\n  ${this.#log.slice(-40).join('\n  ')}`
  }

  async #read(path: string): Promise<void> {
    const text = await this.#client.read(path)
    if (typeof text !== 'string') this.#fail(`${path} is ${text.instead}`)
    if (text !== this.#state.get(path))
      this.#fail(`${path} is read as ${text.length} bytes of "${text.slice(0, 24)}"`)
  }

  async #make(change: TreeChange): Promise<void> {
    this.#log.push(describeChange(change))
    this.#unanswered = change
    const outcome = await this.#client.make(change)
    if (outcome === 'done') {
      this.#state = applied(this.#state, change)
      this.#unanswered = undefined
      this.#answered += 1
    } else if (outcome !== 'unknown') this.#fail(outcome)
  }

  #nextChange(): TreeChange {
    const dice = this.#random()
    const path = this.#freshPath()
    if (dice < 0.12 && !this.#state.has(path)) return { kind: 'mkcol', path: this.#directoryPath() ?? path }
    if (dice < 0.3) {
      const source = this.#pick(this.#files())
      if (source !== undefined && source !== path && this.#state.get(path) !== null)
        return { kind: 'move', path: source, to: path }
    } else if (dice < 0.42) {
      const source = this.#pick(this.#directories())
      const to = this.#directoryPath()
      if (source !== undefined && to !== undefined && !to.startsWith(`${source}/`))
        return { kind: 'move', path: source, to }
    } else if (dice < 0.54) {
      const doomed = this.#pick([...this.#state.keys()])
      if (doomed !== undefined) return { kind: 'delete', path: doomed }
    }
    return this.#state.get(path) === null
      ? { kind: 'delete', path }
      : { kind: 'put', path, text: this.#newText() }
  }

  /** Where a file may be put: in the folder itself or in one of its directories. */
  #freshPath(): string {
    const parent = this.#random() < 0.4 ? '' : (this.#pick(this.#directories()) ?? '')
    return `${parent}/${this.#pick(names) ?? ''}`
  }

  /** Where a directory may be made or moved to; undefined where they all are. */
  #directoryPath(): string | undefined {
    const parents = ['', ...this.#directories().filter((path) => path.split('/').length < 3)]
    const free = parents
      .flatMap((parent) => directoryNames.map((name) => `${parent}/${name}`))
      .filter((path) => !this.#state.has(path))
    return this.#pick(free)
  }

  /** No two are alike, not even in part: a mixture of two, or a piece of one, is none of them. */
  #newText(): string {
    this.#puts += 1
    if (this.#random() < 0.15) return ''
    const line = `${this.name} ${this.#puts} `
    return line.repeat(Math.ceil((this.#random() ** 3 * longestText) / line.length))
  }

  #files(): readonly string[] {
    return [...this.#state].filter(([, text]) => text !== null).map(([path]) => path)
  }

  #directories(): readonly string[] {
    return [...this.#state].filter(([, text]) => text === null).map(([path]) => path)
  }

  #pick<T>(values: readonly T[]): T | undefined {
    return values[Math.floor(this.#random() * values.length)]
  }

  #fail(wrong: string): never {
    throw new WrongState(`${wrong}\n${this.story()}`)
  }
}
