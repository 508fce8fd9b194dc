import { useState } from 'react'

import type { DriveView } from '../../../src-main/shared/app/snapshot.ts'
import type { SerializedError } from '../../../src-main/shared/errors.ts'
import { useCommand } from '../../lib/use-command.ts'
import { useUiStore } from '../../stores/ui-store.ts'

export interface DriveActions {
  readonly mount: Action
  /** Also ends a mount that is under way. */
  readonly unmount: Action
  /** Offered once the volume was found to be in use. */
  readonly forceUnmount: Action | undefined
  readonly reveal: Action
  readonly copyPath: () => void
  readonly openConsole: () => void
  readonly showUploads: () => void
  readonly showSettings: () => void
  readonly remove: Removal
  /** Of whichever was pressed last. */
  readonly failure: SerializedError | undefined
  readonly dismiss: () => void
}

export interface Removal extends Action {
  readonly asked: boolean
  /** Whether saves that were not delivered go with it. */
  readonly discardsUploads: boolean
  readonly ask: () => void
  readonly cancel: () => void
}

export interface Action {
  readonly pending: boolean
  readonly failure: SerializedError | undefined
  readonly run: () => void
}

/** What can be done with one drive. */
export function useDrive({ id: driveId, uploads }: DriveView): DriveActions {
  const mount = useCommand('drive.mount')
  const unmount = useCommand('drive.unmount')
  const reveal = useCommand('drive.reveal')
  const copyPath = useCommand('drive.copy-path')
  const openConsole = useCommand('drive.open-console')
  const remove = useCommand('drive.remove')
  const [removeAsked, setRemoveAsked] = useState(false)
  const commands = [mount, unmount, reveal, copyPath, openConsole]
  const clear = (): void => {
    for (const command of commands) if (!command.pending) command.clear()
  }
  const startingAnew = (start: () => unknown) => () => {
    clear()
    start()
  }
  // That uploads are kept may be known only from the refusal.
  const discardUploads = uploads.pending + uploads.attention > 0 || remove.failure?.code === 'uploads-kept'
  const unmountWith = (force: boolean): Action => ({
    ...unmount,
    run: startingAnew(() => unmount.run({ driveId, force, wait: false })),
  })
  return {
    mount: { ...mount, run: startingAnew(() => mount.run({ driveId })) },
    unmount: unmountWith(false),
    forceUnmount:
      unmount.failure?.code === 'unmount-busy' || unmount.failure?.code === 'unmount-failed'
        ? unmountWith(true)
        : undefined,
    reveal: { ...reveal, run: startingAnew(() => reveal.run({ driveId })) },
    copyPath: startingAnew(() => copyPath.run({ driveId })),
    openConsole: startingAnew(() => openConsole.run({ driveId })),
    showUploads: () => useUiStore.getState().showActivity(driveId),
    showSettings: () => useUiStore.getState().editDrive(driveId),
    remove: {
      ...remove,
      asked: removeAsked,
      discardsUploads: discardUploads,
      ask: () => setRemoveAsked(true),
      cancel: () => {
        setRemoveAsked(false)
        remove.clear()
      },
      run: () => void remove.run({ driveId, discardUploads }),
    },
    failure: commands.find(({ failure }) => failure !== undefined)?.failure,
    dismiss: clear,
  }
}
