import { openFolderAgain, openFolderCold, probeVolume } from './browsing.ts'
import { copyInBig, copyInSmall, duplicate } from './copying.ts'
import type { Gesture } from './gesture.ts'
import { putBig } from './lean-upload.ts'
import { newFolder, remove, rename, setMetadata } from './organising.ts'
import { readBigAgain, readBigFirst, readSmallAgain, readSmallFirst } from './reading.ts'
import { atomicSave, saveInPlace } from './saving.ts'

/** In the order in which they are done and reported: each "again" right after its first. */
export const allGestures: readonly Gesture[] = [
  openFolderCold,
  openFolderAgain,
  probeVolume,
  copyInSmall,
  copyInBig,
  putBig,
  saveInPlace,
  atomicSave,
  readSmallFirst,
  readSmallAgain,
  readBigFirst,
  readBigAgain,
  rename,
  remove,
  duplicate,
  newFolder,
  setMetadata,
]
