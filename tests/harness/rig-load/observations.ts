/** What kind of waiting a user would have noticed. */
export type Gesture = 'save' | 'look' | 'change'

const gestures: Readonly<Record<string, Gesture>> = {
  PUT: 'save',
  MOVE: 'change',
  MKCOL: 'change',
  DELETE: 'change',
}

/** How a client fared with a drive. */
export class Observations {
  readonly longestMs = { save: 0, look: 0, change: 0 }
  readonly answered = { save: 0, look: 0, change: 0 }
  /** Held for as long as a client waits, and then answered as "in use". */
  refusedAsBusy = 0
  /** Connections that were refused or broke off. */
  broken = 0
  /** What no fault may ever lead to. */
  readonly wrongs: string[] = []

  note(method: string, status: number, waitedMs: number): void {
    const gesture = gestures[method] ?? 'look'
    this.longestMs[gesture] = Math.max(this.longestMs[gesture], waitedMs)
    if (status === 423) this.refusedAsBusy += 1
    else this.answered[gesture] += 1
  }

  /** From here on: what was before is not what is looked at. */
  forgetWaits(): void {
    Object.assign(this.longestMs, { save: 0, look: 0, change: 0 })
    Object.assign(this.answered, { save: 0, look: 0, change: 0 })
  }

  wrong(what: string): void {
    this.wrongs.push(what)
  }
}
