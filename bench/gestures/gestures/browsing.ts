import { atMostCalls } from '../target.ts'
import { entriesOfFolder, names } from '../tree.ts'
import type { Gesture, GestureContext } from './gesture.ts'

export const openFolderCold: Gesture = {
  id: 'open-folder-1000',
  title: 'Open a folder of 1,000 files, cold',
  target: atMostCalls({ total: 2 }),
  prepare: ({ volume, path }) => volume.openFolder(path),
  run: openBigFolder,
}

export const openFolderAgain: Gesture = {
  id: 'open-folder-1000-again',
  title: 'Open it again, within the TTL',
  target: atMostCalls({ total: 0 }),
  prepare: openBigFolder,
  run: openBigFolder,
}

/** What Finder looks for right after a mount: names that are not there, each of which would cost a look. */
export const probeVolume: Gesture = {
  id: 'probe-special-names',
  title: 'Probe for special names, as after a mount',
  target: atMostCalls({ total: 0 }),
  prepare: ({ volume }) => volume.openFolder('/'),
  run: ({ volume }) => volume.settleIn(),
}

async function openBigFolder({ volume, path }: GestureContext): Promise<void> {
  const shown = await volume.openFolder(`${path}/${names.bigFolder}`)
  if (shown.length !== entriesOfFolder)
    throw new Error(`${shown.length} of ${entriesOfFolder} files are shown`)
}
