/** A whole tree by path: a file's text, or `null` for a directory. The root is always there. */
export type TreeState = ReadonlyMap<string, string | null>

export type Change =
  | { readonly kind: 'write'; readonly path: string; readonly text: string }
  | { readonly kind: 'mkdir'; readonly path: string }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'move'; readonly path: string; readonly to: string }

/** One way in which everything may have gone so far. */
interface World {
  readonly state: TreeState
  /** Of the changes under way, those that have happened here, and whether they were allowed. */
  readonly happened: ReadonlyMap<number, boolean>
}

/** All states that were possible at some moment of a look. */
export interface Look {
  readonly states: TreeState[]
  /** Something was moved meanwhile: its new place may show what of it had been delivered before. */
  hasMoves: boolean
}

/**
 * All worlds that changes under way allow at this moment: each has happened or not, in any order, and one without an answer stays so.
 * What is the same in all worlds of a look must be seen by it, however long its answer was on its way.
 */
export class Worlds {
  readonly #underWay = new Map<number, Change>()
  readonly #looks = new Set<Look>()
  #worlds: readonly World[] = [{ state: new Map(), happened: new Map() }]
  #lastChange = 0
  /** Whether a move happened or not was never answered. */
  #hasOpenMoves = false

  get states(): readonly TreeState[] {
    return this.#worlds.map(({ state }) => state)
  }

  begin(change: Change): number {
    const id = ++this.#lastChange
    this.#underWay.set(id, change)
    if (change.kind === 'move') for (const look of this.#looks) look.hasMoves = true
    this.#spread()
    return id
  }

  /** `isDone` is undefined when nobody knows. @throws when it could not have come out so. */
  end(id: number, isDone: boolean | undefined): void {
    const worlds = this.#worlds.filter(({ happened }) => isDone === undefined || happened.get(id) === isDone)
    if (worlds.length === 0) throw new Error(isDone === true ? 'was done' : 'was refused')
    if (isDone === undefined && this.#underWay.get(id)?.kind === 'move') this.#hasOpenMoves = true
    this.#underWay.delete(id)
    this.#worlds = worlds.map(({ state, happened }) => {
      const left = new Map(happened)
      left.delete(id)
      return { state, happened: left }
    })
    this.#reduce()
  }

  beginLook(): Look {
    const hasMoves = this.#hasOpenMoves || [...this.#underWay.values()].some(({ kind }) => kind === 'move')
    const look = { states: [...this.states], hasMoves }
    this.#looks.add(look)
    return look
  }

  endLook(look: Look): void {
    this.#looks.delete(look)
  }

  /** From now on it is `state`. @throws when it cannot be. */
  settle(state: TreeState): void {
    const key = keyOf({ state, happened: new Map() })
    const world = this.#worlds.find((candidate) => keyOf(candidate) === key)
    if (world === undefined) throw new Error(`cannot be ${key}\n${this.#worlds.map(keyOf).join('\n')}`)
    this.#worlds = [world]
    this.#hasOpenMoves = false
  }

  #spread(): void {
    const worlds = [...this.#worlds]
    for (const { state, happened } of worlds) {
      for (const [id, change] of this.#underWay) {
        if (happened.has(id)) continue
        const after = applied(state, change)
        worlds.push({ state: after ?? state, happened: new Map([...happened, [id, after !== undefined]]) })
      }
    }
    this.#worlds = worlds
    this.#reduce()
  }

  #reduce(): void {
    this.#worlds = [...new Map(this.#worlds.map((world) => [keyOf(world), world])).values()]
    for (const { states } of this.#looks) states.push(...this.states)
  }
}

/** @returns undefined when it is refused. */
function applied(before: TreeState, change: Change): TreeState | undefined {
  const isDirectory = (path: string): boolean => path === '' || before.get(path) === null
  const { path } = change
  const state = new Map(before)
  switch (change.kind) {
    case 'write':
      if (isDirectory(path) || !isDirectory(above(path))) return undefined
      return state.set(path, change.text)
    case 'mkdir':
      if (before.has(path) || !isDirectory(above(path))) return undefined
      return state.set(path, null)
    case 'remove':
      if (!before.has(path)) return undefined
      for (const below of before.keys()) if (isWithin(below, path)) state.delete(below)
      return state
    case 'move': {
      const { to } = change
      if (!before.has(path) || !isDirectory(above(to))) return undefined
      for (const below of before.keys()) if (isWithin(below, path) || isWithin(below, to)) state.delete(below)
      for (const [below, text] of before)
        if (isWithin(below, path)) state.set(to + below.slice(path.length), text)
      return state
    }
  }
}

export function above(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

export function isWithin(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}/`)
}

function keyOf({ state, happened }: World): string {
  return `${[...state].sort().join(' ')} ${[...happened].sort().join(' ')}`
}
