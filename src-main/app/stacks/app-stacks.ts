import { createEmitter } from '../../lib/event.ts'
import type { NewStack, StackProgress, StackRef } from '../../shared/app/stacks.ts'
import { AppError } from '../../shared/errors.ts'
import type { Stacks } from '../parts.ts'
import type { StackWorkDeps } from './opened-stacks.ts'
import { stackEndOf, type StackEnd } from './stack-end.ts'
import type { StackNotes } from './stack-notes.ts'
import { StackWork } from './stack-work.ts'

export interface AppStacksDeps extends StackWorkDeps {
  readonly notes: StackNotes
  readonly list: Stacks['list']
}

/** Whoever quits waits no longer for a plan to be removed. */
const endLimitMs = 3_000

/** The stacks that somebody has planned or deployed from here, until they are put away. */
export class AppStacks implements Stacks {
  readonly changed = createEmitter<undefined>()
  readonly ended = createEmitter<StackEnd>()
  readonly #deps: AppStacksDeps
  readonly #works = new Map<string, StackWork>()
  /** What is being removed of earlier plans: a new one of the same name has to wait for it. */
  readonly #leaving = new Map<string, Promise<void>>()
  /** Stacks whose making failed under somebody's eyes. */
  readonly #failed = new Set<string>()
  #noted: Promise<void> | undefined
  #recalled: Promise<void> | undefined
  #isEnded = false

  constructor(deps: AppStacksDeps) {
    this.#deps = deps
  }

  get list(): Stacks['list'] {
    return this.#deps.list
  }

  views(): readonly StackProgress[] {
    return [...this.#works.values()].map(({ view }) => view).toReversed()
  }

  async plan(stack: NewStack): Promise<void> {
    await this.#recall()
    const { profile, region, name, wayIn } = stack
    const ref = { profile, region, name }
    const key = keyOf(ref)
    const state = this.#works.get(key)?.view.state.kind
    if (state === 'planning') return
    if (state === 'deploying' || state === 'cancelling') throw new AppError('stack-busy', { name })
    this.#put(key)
    const work = this.#add(ref, new StackWork({ ref, wayIn }, this.#deps))
    work.makePlan(stack, { after: this.#leaving.get(key), mayReplace: this.#failed.has(key) })
  }

  async deploy(ref: StackRef): Promise<void> {
    this.#get(ref).deploy(() => this.#note())
    await this.#noted
  }

  async cancel(ref: StackRef): Promise<void> {
    const work = this.#get(ref)
    const { kind } = work.view.state
    if (kind === 'planning' || kind === 'planned') this.#put(keyOf(ref))
    else {
      await work.takeBack()
      await this.#noted
    }
  }

  dismiss(ref: StackRef): void {
    this.#put(keyOf(ref))
  }

  look(): void {
    void this.#recall().then(() => {
      for (const work of this.#works.values()) work.lookAgain()
    })
  }

  async end(): Promise<void> {
    this.#isEnded = true
    const late = Promise.withResolvers<undefined>()
    using _limit = this.#deps.clock.setTimeout(() => late.resolve(undefined), endLimitMs)
    const works = [...this.#works.values()].map((work) => work.leave())
    await Promise.race([Promise.all([...works, ...this.#leaving.values(), this.#noted]), late.promise])
  }

  /** Once: those that were not put away before the app ended. */
  async #recall(): Promise<void> {
    await (this.#recalled ??= this.#deps.notes.read().then((notes) => {
      if (this.#isEnded) return
      for (const { ref, wayIn, isCancelled } of notes) {
        this.#add(ref, new StackWork({ ref, wayIn }, this.#deps)).resume(isCancelled)
      }
    }))
  }

  #add(ref: StackRef, work: StackWork): StackWork {
    const key = keyOf(ref)
    this.#works.set(key, work)
    let isTold = false
    work.changed.on(() => {
      if (this.#works.get(key) !== work || this.#isEnded) return
      if (work.isGone) this.#works.delete(key)
      if (work.hasFailed) this.#failed.add(key)
      void this.#note()
      this.changed.fire(undefined)
      const end = stackEndOf(work)
      if (end !== undefined && !isTold) this.ended.fire(end)
      isTold = end !== undefined
    })
    this.changed.fire(undefined)
    return work
  }

  /** Shows it no longer, and has no more to do with it. */
  #put(key: string): void {
    const work = this.#works.get(key)
    if (work === undefined) return
    this.#works.delete(key)
    const gone = Promise.all([this.#leaving.get(key), work.leave()]).then(() => {
      if (this.#leaving.get(key) === gone) this.#leaving.delete(key)
    })
    this.#leaving.set(key, gone)
    void this.#note()
    this.changed.fire(undefined)
  }

  #get(ref: StackRef): StackWork {
    const work = this.#works.get(keyOf(ref))
    if (work === undefined) throw new AppError('stack-unknown', { name: ref.name, region: ref.region })
    return work
  }

  #note(): Promise<void> {
    const notes = [...this.#works.values()].flatMap(({ note }) => note ?? [])
    return (this.#noted = this.#deps.notes.write(notes))
  }
}

function keyOf({ profile = '', region, name }: StackRef): string {
  return JSON.stringify([profile, region, name])
}
