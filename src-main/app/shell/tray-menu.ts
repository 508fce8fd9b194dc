import { Menu, type MenuItemConstructorOptions } from 'electron'

import type { AppAction } from '../../core/app-action.ts'
import type { TrayMenuItem } from '../../core/tray-model.ts'

/** A native menu of what the model says. */
export function buildTrayMenu(
  items: readonly TrayMenuItem[],
  perform: (action: AppAction) => void,
): Electron.Menu {
  return Menu.buildFromTemplate(items.map((item) => template(item, perform)))
}

function template(item: TrayMenuItem, perform: (action: AppAction) => void): MenuItemConstructorOptions {
  switch (item.kind) {
    case 'separator':
      return { type: 'separator' }
    case 'submenu':
      return { label: item.label, submenu: item.items.map((inner) => template(inner, perform)) }
    case 'action':
      return { label: item.label, enabled: item.isEnabled, click: () => perform(item.action) }
  }
}
