import { join } from 'node:path'

import { atLeastMegabytesPerSecond, atMostCalls } from '../target.ts'
import { names } from '../tree.ts'
import { expectFile } from './expect-files.ts'
import { showFolder, type Gesture } from './gesture.ts'

export const copyInSmall: Gesture = {
  id: 'copy-in-4k',
  title: 'Finder copies a 4 KB file in',
  target: atMostCalls({ waited: 0, total: 3 }),
  prepare: (context) => showFolder(context, names.work),
  run: ({ volume, path, contents }) => volume.copyIn(`${path}/${names.work}/in-4k`, contents.small),
  check: (dir, contents) => expectFile(join(dir, names.work, 'in-4k'), contents.small),
}

export const copyInBig: Gesture = {
  id: 'copy-in-100m',
  title: 'Finder copies a 100 MB file in',
  target: atLeastMegabytesPerSecond(300),
  prepare: (context) => showFolder(context, names.work),
  run: ({ volume, path, contents }) => volume.copyIn(`${path}/${names.work}/in-100m`, contents.big),
  check: (dir, contents) => expectFile(join(dir, names.work, 'in-100m'), contents.big),
}

export const duplicate: Gesture = {
  id: 'duplicate-4k',
  title: 'Duplicate a 4 KB file',
  prepare: (context) => showFolder(context, names.work),
  run: ({ volume, path }) => {
    const original = `${path}/${names.work}/${names.duplicated}`
    return volume.duplicate(original, `${original} copy`)
  },
  check: (dir, contents) => expectFile(join(dir, names.work, `${names.duplicated} copy`), contents.small),
}
