import { powerSaveBlocker } from 'electron'

export interface AppNap extends Disposable {
  /** Whether the system may slow this app down while nobody looks at it. */
  allow(isAllowed: boolean): void
}

/** A front that naps keeps Finder waiting; the Mac itself may still sleep. */
export function createAppNap(): AppNap {
  let blocker: number | undefined
  const allow = (isAllowed: boolean): void => {
    if (isAllowed && blocker !== undefined) {
      powerSaveBlocker.stop(blocker)
      blocker = undefined
    } else if (!isAllowed) {
      blocker ??= powerSaveBlocker.start('prevent-app-suspension')
    }
  }
  return { allow, [Symbol.dispose]: () => allow(true) }
}
