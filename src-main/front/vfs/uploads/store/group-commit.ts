interface Waiting<T> {
  readonly item: T
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** How one item of a round came out. */
export type Outcome = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly error: unknown }

/**
 * Commits together what becomes ready together: while one round is under way, the next one gathers. So a lone save waits for
 * nobody, and many at once share what a commit costs. Items keep the order in which they were added.
 */
export class GroupCommit<T> {
  readonly #commit: (items: readonly T[]) => Promise<readonly Outcome[]>
  #waiting: Waiting<T>[] = []
  #rounds: Promise<void> | undefined

  /** `commit` gives one outcome per item, in their order; when it rejects, all of the round fail with that. */
  constructor(commit: (items: readonly T[]) => Promise<readonly Outcome[]>) {
    this.#commit = commit
  }

  /** Resolves when `item` is committed, rejects with what its own commit threw. */
  add(item: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      this.#rounds ??= this.#run()
    })
  }

  /** Resolves when no round is under way any more. */
  async settled(): Promise<void> {
    await this.#rounds
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const round = this.#waiting
      this.#waiting = []
      try {
        const outcomes = await this.#commit(round.map(({ item }) => item))
        round.forEach((waiting, index) => settle(waiting, outcomes[index]))
      } catch (error) {
        for (const { reject } of round) reject(error)
      }
    }
    this.#rounds = undefined
  }
}

function settle<T>({ resolve, reject }: Waiting<T>, outcome: Outcome | undefined): void {
  if (outcome?.kind === 'done') resolve()
  else reject(outcome?.error ?? new Error('the commit gave no outcome'))
}
