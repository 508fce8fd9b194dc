import { app } from 'electron'

export interface LoginItem {
  opensAtLogin(): boolean
  setOpensAtLogin(isOn: boolean): void
  /** Started by the system and not by a person, who would like to see something. */
  wasOpenedAtLogin(): boolean
}

/** The system remembers it, so what it says holds: a person may have changed it in System Settings. */
export function createLoginItem(): LoginItem {
  return {
    opensAtLogin: () => app.getLoginItemSettings().openAtLogin,
    setOpensAtLogin: (isOn) => {
      if (app.getLoginItemSettings().openAtLogin !== isOn) app.setLoginItemSettings({ openAtLogin: isOn })
    },
    wasOpenedAtLogin: () => app.getLoginItemSettings().wasOpenedAtLogin,
  }
}
