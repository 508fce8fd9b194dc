import type { AppSettings } from '../state/app-settings.ts'
import type { EngineWatch } from '../engine/engine-watch.ts'
import type { MachineFacts } from '../state/machine-facts.ts'
import type { Desktop } from '../ports.ts'
import type { HandlersOf } from './handlers.ts'

export interface SettingsCommandParts {
  readonly appSettings: AppSettings
  readonly engine: EngineWatch
  readonly machine: Pick<MachineFacts, 'look'>
  readonly desktop: Pick<Desktop, 'setOpensAtLogin'>
}

export function settingsCommands({
  appSettings,
  engine,
  machine,
  desktop,
}: SettingsCommandParts): HandlersOf<'settings' | 'engine'> {
  return {
    'settings.change': async ({ openAtLogin, updateChannel, notifications }) => {
      if (openAtLogin !== undefined) {
        desktop.setOpensAtLogin(openAtLogin)
        await machine.look()
      }
      await appSettings.update((settings) => ({
        ...settings,
        ...(updateChannel !== undefined && { updateChannel }),
        notifications: { ...settings.notifications, ...notifications },
      }))
    },
    'engine.choose': async ({ address }) => {
      await appSettings.update(({ engine: _, ...settings }) => {
        return address === undefined ? settings : { ...settings, engine: address }
      })
      engine.lookAnew()
    },
    'engine.look-again': () => engine.lookAnew(),
  }
}
