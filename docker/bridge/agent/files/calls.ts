import { BridgeError } from '../../lib/bridge-error.ts'

const idPattern = /^[A-Za-z0-9-]{1,64}$/

/** A cancellation may overtake the call it is meant for, by as much as two connections can differ. */
const rememberedMs = 60_000
const maxRemembered = 10_000

/** The calls under way that have an id, so that somebody else than their own connection can call them off. */
export class Calls {
  readonly #underWay = new Map<string, () => void>()
  /** Of calls that were called off before they came: until when that counts. */
  readonly #calledOff = new Map<string, number>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /**
   * `cancel` is called when somebody calls `id` off, at once if that has happened already. Dispose it when the call is over.
   * @throws BridgeError `bad-request` for an id that is none, or is taken.
   */
  begin(id: string, cancel: () => void): Disposable {
    requireId(id)
    if (this.#underWay.has(id)) throw new BridgeError('bad-request', { reason: 'a call id twice' })
    const untilMs = this.#calledOff.get(id)
    this.#calledOff.delete(id)
    this.#underWay.set(id, cancel)
    if (untilMs !== undefined && this.#now() < untilMs) cancel()
    return { [Symbol.dispose]: () => void this.#underWay.delete(id) }
  }

  /** Returns at once; the call itself says what became of it. @throws BridgeError `bad-request`. */
  cancel(id: string): void {
    requireId(id)
    const cancel = this.#underWay.get(id)
    if (cancel !== undefined) {
      cancel()
      return
    }
    // Over, or not here yet.
    this.#forget()
    this.#calledOff.set(id, this.#now() + rememberedMs)
  }

  #forget(): void {
    const nowMs = this.#now()
    for (const [id, untilMs] of this.#calledOff) {
      if (untilMs > nowMs && this.#calledOff.size < maxRemembered) return
      this.#calledOff.delete(id)
    }
  }
}

function requireId(id: string): void {
  if (!idPattern.test(id)) throw new BridgeError('bad-request', { reason: 'not a call id' })
}
