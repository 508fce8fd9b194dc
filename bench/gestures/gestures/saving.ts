import { join } from 'node:path'

import { atMostCalls } from '../target.ts'
import { names } from '../tree.ts'
import { expectFile } from './expect-files.ts'
import { showFolder, type Gesture, type GestureContext } from './gesture.ts'

/** Whoever saves a document has opened it before. */
async function openDocument(context: GestureContext, name: string): Promise<void> {
  await showFolder(context, names.work)
  await context.volume.readFile(`${context.path}/${names.work}/${name}`)
}

export const saveInPlace: Gesture = {
  id: 'save-in-place-4k',
  title: 'Save over an open 4 KB file, in place',
  target: atMostCalls({ waited: 0 }),
  prepare: (context) => openDocument(context, names.savedInPlace),
  run: ({ volume, path, contents }) =>
    volume.saveInPlace(`${path}/${names.work}/${names.savedInPlace}`, contents.changed),
  check: (dir, contents) => expectFile(join(dir, names.work, names.savedInPlace), contents.changed),
}

export const atomicSave: Gesture = {
  id: 'atomic-save-4k',
  title: 'Save over an open 4 KB file, by renaming',
  prepare: (context) => openDocument(context, names.savedByRename),
  run: ({ volume, path, contents }) =>
    volume.atomicSave(`${path}/${names.work}/${names.savedByRename}`, contents.changed),
  check: (dir, contents) => expectFile(join(dir, names.work, names.savedByRename), contents.changed),
}
