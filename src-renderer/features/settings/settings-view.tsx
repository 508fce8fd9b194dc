import type { ReactNode } from 'react'

import { settingsSections, useUiStore, type SettingsSection } from '../../stores/ui-store.ts'
import { AdvancedSettings } from './advanced-settings.tsx'
import { DriveSettings } from './drive-settings.tsx'
import { EngineSettings } from './engine-settings.tsx'
import { GeneralSettings } from './general-settings.tsx'

const sections: Readonly<Record<SettingsSection, { word: string; Section: () => ReactNode }>> = {
  general: { word: 'General', Section: GeneralSettings },
  drives: { word: 'Drives', Section: DriveSettings },
  engine: { word: 'Engine', Section: EngineSettings },
  advanced: { word: 'Advanced', Section: AdvancedSettings },
}

export function SettingsView(): ReactNode {
  const current = useUiStore(({ settingsSection }) => settingsSection)
  const showSettings = useUiStore(({ showSettings }) => showSettings)
  const { Section } = sections[current]
  return (
    <>
      <nav className="subtabs" aria-label="Parts of the settings">
        {settingsSections.map((section) => (
          <button
            key={section}
            type="button"
            className="subtab"
            aria-current={section === current ? 'page' : undefined}
            onClick={() => showSettings(section)}
          >
            {sections[section].word}
          </button>
        ))}
      </nav>
      <Section />
    </>
  )
}
