import { atMostAttributeChecks } from '../target.ts'
import { names } from '../tree.ts'
import { expectBytes } from './expect-files.ts'
import { showFolder, type Gesture, type GestureContext } from './gesture.ts'

async function readSmall({ volume, path, contents }: GestureContext): Promise<void> {
  expectBytes(await volume.readFile(`${path}/${names.work}/${names.read}`), contents.small, 'what was read')
}

async function readBig({ volume, path, contents }: GestureContext): Promise<void> {
  expectBytes(await volume.readFile(`${path}/${names.big}/${names.read}`), contents.big, 'what was read')
}

export const readSmallFirst: Gesture = {
  id: 'read-4k',
  title: 'Read a 4 KB file',
  prepare: (context) => showFolder(context, names.work),
  run: readSmall,
}

export const readSmallAgain: Gesture = {
  id: 'read-4k-again',
  title: 'Read it again, forgotten by the client',
  prepare: readSmall,
  startsAnew: true,
  run: readSmall,
}

export const readBigFirst: Gesture = {
  id: 'read-100m',
  title: 'Open a 100 MB file and read it',
  prepare: (context) => showFolder(context, names.big),
  run: readBig,
}

export const readBigAgain: Gesture = {
  id: 'read-100m-again',
  title: 'Open it again, forgotten by the client',
  target: atMostAttributeChecks(1),
  prepare: readBig,
  startsAnew: true,
  run: readBig,
}
