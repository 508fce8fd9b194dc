import { useMemo } from 'react'

import { useSnapshot } from '../../stores/app-store.ts'
import { useUiStore } from '../../stores/ui-store.ts'
import { activityOf, type Activity } from './activity-model.ts'

export interface ActivityState extends Activity {
  /** The only drive that is shown. */
  readonly filter: { readonly name: string; readonly clear: () => void } | undefined
}

export function useActivity(): ActivityState {
  const drives = useSnapshot((snapshot) => snapshot.drives)
  const recent = useSnapshot((snapshot) => snapshot.recent)
  const wanted = useUiStore(({ activityDriveId }) => activityDriveId)
  const showActivity = useUiStore(({ showActivity }) => showActivity)
  // The drive may have been removed since.
  const drive = drives.find(({ id }) => id === wanted)
  const activity = useMemo(() => activityOf(drives, recent, drive?.id), [drives, recent, drive?.id])
  const filter = drive === undefined ? undefined : { name: drive.name, clear: () => showActivity(undefined) }
  return { ...activity, filter }
}
