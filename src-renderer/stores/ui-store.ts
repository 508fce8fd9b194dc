import { create } from 'zustand'

import type { ViewId } from '../../src-main/shared/app/answers.ts'
import type { StackRef } from '../../src-main/shared/app/stacks.ts'

export const settingsSections = ['general', 'drives', 'engine', 'advanced'] as const
export type SettingsSection = (typeof settingsSections)[number]

/** Which page of Add drive is open. */
export type AddDrivePage =
  | { readonly kind: 'choose' | 'file-system' | 'from-stack' | 'new-stack' | 'folder' }
  /** One that is planned, on its way, or done. */
  | { readonly kind: 'stack'; readonly ref: StackRef }

/** Where the user is. Nothing of it outlives the window. */
export interface UiState {
  readonly view: ViewId
  readonly settingsSection: SettingsSection
  /** The drive whose form is open in Settings. */
  readonly editedDriveId: string | undefined
  /** The only drive that Activity shows; all of them when absent. */
  readonly activityDriveId: string | undefined
  readonly addDrivePage: AddDrivePage
}

interface UiActions {
  readonly show: (view: ViewId) => void
  readonly showSettings: (section: SettingsSection) => void
  /** Opens the drive's form in Settings. */
  readonly editDrive: (driveId: string) => void
  /** Closes the drive's form, wherever the user is. */
  readonly closeDrive: (driveId: string) => void
  /** Activity of one drive, or of all. */
  readonly showActivity: (driveId: string | undefined) => void
  readonly addDrive: (page: AddDrivePage) => void
}

const start: UiState = {
  view: 'drives',
  settingsSection: 'general',
  editedDriveId: undefined,
  activityDriveId: undefined,
  addDrivePage: { kind: 'choose' },
}

export const useUiStore = create<UiState & UiActions>()((set) => ({
  ...start,
  show: (view) => set({ view, activityDriveId: undefined, addDrivePage: start.addDrivePage }),
  showSettings: (settingsSection) => set({ view: 'settings', settingsSection }),
  editDrive: (editedDriveId) => set({ view: 'settings', settingsSection: 'drives', editedDriveId }),
  closeDrive: (driveId) =>
    set(({ editedDriveId }) => (editedDriveId === driveId ? { editedDriveId: undefined } : {})),
  showActivity: (activityDriveId) => set({ view: 'activity', activityDriveId }),
  addDrive: (addDrivePage) => set({ view: 'add-drive', addDrivePage }),
}))
