import { join } from 'node:path'

import { nativeImage, Tray, type NativeImage, type Rectangle } from 'electron'

import { trayStates, type TrayState } from '../../core/tray-model.ts'

export interface TrayIcon extends Disposable {
  readonly bounds: Rectangle
  show(state: TrayState, tooltip: string): void
  openMenu(menu: Electron.Menu): void
}

export interface TrayParts {
  readonly iconsDir: string
  readonly onClick: () => void
  readonly onMenu: () => void
}

/** The icon in the menu bar: a click is the popover's, a right click (or one with Control or Option) opens the menu. */
export function createTray({ iconsDir, onClick, onMenu }: TrayParts): TrayIcon {
  const images = new Map(trayStates.map((state) => [state, templateImage(iconsDir, state)]))
  const tray = new Tray(images.get('idle') ?? nativeImage.createEmpty())
  // A second click closes at once; otherwise macOS waits to see whether it is a double click.
  tray.setIgnoreDoubleClickEvents(true)
  tray.setToolTip('Mountbar')
  tray.on('click', ({ ctrlKey = false, altKey = false }) => {
    if (ctrlKey || altKey) onMenu()
    else onClick()
  })
  tray.on('right-click', () => onMenu())

  let now: { readonly state: TrayState; readonly tooltip: string } = { state: 'idle', tooltip: 'Mountbar' }
  return {
    get bounds() {
      return tray.getBounds()
    },
    show: (state, tooltip) => {
      const image = images.get(state)
      if (state !== now.state && image !== undefined) tray.setImage(image)
      if (tooltip !== now.tooltip) tray.setToolTip(tooltip)
      now = { state, tooltip }
    },
    openMenu: (menu) => tray.popUpContextMenu(menu),
    [Symbol.dispose]: () => {
      if (!tray.isDestroyed()) tray.destroy()
    },
  }
}

/** The system colours it: black where the menu bar is light, white where it is dark. `@2x` is found by its name. */
function templateImage(iconsDir: string, state: TrayState): NativeImage {
  const image = nativeImage.createFromPath(join(iconsDir, `${state}Template.png`))
  image.setTemplateImage(true)
  return image
}
