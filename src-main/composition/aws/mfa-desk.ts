import type { AskMfaCode } from '../../services/credentials/ports.ts'

/** Whom drives of this process can ask for a code: the person who mounts one, until it is mounted, and nobody afterwards. */
export interface MfaDesk {
  /** `undefined` while nobody is there. */
  readonly ask: AskMfaCode | undefined
  /** Somebody is there until the returned handle is disposed. */
  staff(ask: AskMfaCode): Disposable
}

export function createMfaDesk(): MfaDesk {
  let current: AskMfaCode | undefined
  return {
    get ask() {
      return current
    },
    staff: (ask) => {
      current = ask
      return {
        [Symbol.dispose]: () => {
          if (current === ask) current = undefined
        },
      }
    },
  }
}
