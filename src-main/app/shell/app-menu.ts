import { Menu } from 'electron'

/** Nobody sees it, since the app has no menu bar of its own; without it Cmd-Q, Cmd-C and Cmd-V do nothing in the popover. */
export function installAppMenu(): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { label: 'Mountbar', submenu: [{ role: 'hide' }, { type: 'separator' }, { role: 'quit' }] },
      { role: 'editMenu' },
    ]),
  )
}
