import type { DriveList } from '../services/drives/ports.ts'
import type { SettingsStore } from '../services/settings/settings-store.ts'

/** The drives of the settings file. */
export function driveListOf(settings: SettingsStore): DriveList {
  return {
    read: async () => (await settings.read()).drives,
    update: async (change) => {
      return (await settings.update((all) => ({ ...all, drives: [...change(all.drives)] }))).drives
    },
  }
}
