import { app, clipboard, screen, shell } from 'electron'

import { placePopover, type DisplayArea } from '../../core/popover-place.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Desktop, MountbarApp } from '../ports.ts'
import { installAppMenu } from './app-menu.ts'
import { connectApp, type Connection } from './connect-app.ts'
import { createDialogs } from './dialogs.ts'
import { createLinks } from './links.ts'
import { createLoginItem } from './login-item.ts'
import { openFolder } from './open-folder.ts'
import { registerPageScheme, servePages } from './page-protocol.ts'
import { createPopover, type WindowPage } from './popover.ts'
import { openPageSession, restrictPages } from './security.ts'
import type { Instance } from './single-instance.ts'
import { createTray } from './tray.ts'
import { createUpdates, loadElectronUpdater } from './updater.ts'

export interface DesktopParts {
  readonly instance: Instance
  readonly clock: Clock
  readonly logger: Logger
  /** What `vite.renderer.config.ts` builds. */
  readonly rendererDir: string
  readonly preloadPath: string
  /** `resources/icons`, or its copy in the packaged app. */
  readonly iconsDir: string
}

export interface OpenDesktop extends Desktop, AsyncDisposable {
  /** The popover's page: what the IPC router listens to and publishes to. */
  readonly page: WindowPage
  /** From now on tray, notifications, links and quitting are those of `mountbar`, and the popover loads. Once. */
  connect(mountbar: MountbarApp): void
}

/**
 * The screen, the menu bar, the clipboard: all of Electron but the messages of windows. To be called in the turn in which the program starts, because some
 * of it must be said before Electron is ready; and not awaited at the top level of the entry, whose end Electron waits for before it is ready. Disposing it takes everything off the screen; ending the app is `quit`.
 */
export async function openDesktop(parts: DesktopParts): Promise<OpenDesktop> {
  const { instance, clock, logger, rendererDir, preloadPath, iconsDir } = parts
  await using opening = new AsyncDisposableStack()
  opening.use(instance)
  registerPageScheme()
  opening.use(restrictPages(logger))
  opening.use(stayWithoutWindows())
  await app.whenReady()
  if (process.platform === 'darwin') app.setActivationPolicy('accessory')
  installAppMenu()

  let connection: Connection | undefined
  const session = openPageSession()
  opening.use(servePages(session, rendererDir))
  const tray = opening.use(
    createTray({
      iconsDir,
      onClick: () => popover.toggle(),
      onMenu: () => connection?.openMenu(),
    }),
  )
  const popover = opening.use(
    createPopover({
      session,
      preloadPath,
      clock,
      logger,
      place: (size) => placePopover({ icon: tray.bounds, displays: displays(), ...size }),
    }),
  )
  const dialogs = createDialogs()
  const loginItem = createLoginItem()
  const quit = (): void => {
    if (connection === undefined) app.quit()
    else connection.quit()
  }
  const updates = opening.use(
    createUpdates({
      isPackaged: app.isPackaged,
      load: loadElectronUpdater,
      clock,
      logger,
      quitToInstall: () =>
        connection?.quit(() => {
          popover.letClose()
          updates.finishInstalling()
        }),
    }),
  )
  const opened = opening.move()
  return {
    ...createLinks(logger),
    page: popover.page,
    updates,
    revealPath: (path) => shell.showItemInFolder(path),
    openPath: openFolder,
    copyText: (text) => {
      clipboard.writeText(text).catch((error: unknown) => logger.warn('desktop', 'not copied', { error }))
    },
    chooseFolder: (options) => popover.stayOpen(() => dialogs.chooseFolder(options)),
    chooseSavePath: (options) => popover.stayOpen(() => dialogs.chooseSavePath(options)),
    resizePopover: (height) => popover.resize(height),
    hidePopover: () => popover.hide(),
    showView: (view) => popover.showView(view),
    opensAtLogin: () => loginItem.opensAtLogin(),
    setOpensAtLogin: (isOn) => loginItem.setOpensAtLogin(isOn),
    quit,
    connect: (mountbar) => {
      connection = opened.use(
        connectApp({ mountbar, instance, tray, popover, dialogs, loginItem, clock, logger }),
      )
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** Without a listener Electron ends the app with its last window. */
function stayWithoutWindows(): Disposable {
  const stay = (): void => undefined
  app.on('window-all-closed', stay)
  return { [Symbol.dispose]: () => void app.off('window-all-closed', stay) }
}

function displays(): readonly [DisplayArea, ...DisplayArea[]] {
  const primary = screen.getPrimaryDisplay()
  return [primary, ...screen.getAllDisplays().filter(({ id }) => id !== primary.id)]
}
