import type { SimulatedVolume } from '../../../tests/harness/webdavfs/volume.ts'
import type { Target } from '../target.ts'
import type { Contents } from '../tree.ts'

export interface GestureContext {
  readonly volume: SimulatedVolume
  /** Of the volume's root, for what is not done through the volume. */
  readonly url: string
  /** The round's own folder on the volume, without a slash at its end. */
  readonly path: string
  readonly contents: Contents
  readonly signal: AbortSignal
}

/** One thing a user does in Finder, or a program for him. */
export interface Gesture {
  readonly id: string
  readonly title: string
  /** What the issue asks for; none where it names no figure. */
  readonly target?: Target
  /** What was on the screen and in the client's memory when it began; not measured. */
  prepare(context: GestureContext): Promise<unknown>
  /** The client forgets everything after `prepare`, as it does over a minute or a new mount. */
  readonly startsAnew?: boolean
  /** @throws when the client is not given what it should be. */
  run(context: GestureContext): Promise<unknown>
  /** Looks at the files themselves once all is delivered; `dir` is the round's folder. @throws when they are not as they should be. */
  check?(dir: string, contents: Contents): Promise<void>
}

/** What is on the screen of somebody who is about to work in a folder. */
export async function showFolder({ volume, path }: GestureContext, name: string): Promise<void> {
  await volume.openFolder(`${path}/${name}`)
}
