import { app } from './app.ts'
import { dialog } from './dialog.ts'
import { nativeImage } from './images.ts'
import { ipcMain } from './ipc-main.ts'
import { Menu, MenuItem } from './menu.ts'
import { answerForNotifications, Notification } from './notification.ts'
import { screen } from './screen.ts'
import { protocol, session } from './session.ts'
import { Strict } from './strict.ts'
import { clipboard, nativeTheme, net, powerMonitor, powerSaveBlocker, safeStorage, shell } from './system.ts'
import { Tray } from './tray.ts'
import { utilityProcess } from './utility-process.ts'
import { answerForWindows, BrowserWindow } from './windows.ts'

/**
 * What `electron` is for an app on the stand-in. An import of a name that is not here fails when the app is loaded; anything else that is not
 * here fails when it is used.
 */
answerForWindows()
answerForNotifications()

export {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
}

export class Electron extends Strict {
  readonly app = app
  readonly BrowserWindow = BrowserWindow
  readonly clipboard = clipboard
  readonly dialog = dialog
  readonly ipcMain = ipcMain
  readonly Menu = Menu
  readonly MenuItem = MenuItem
  readonly nativeImage = nativeImage
  readonly nativeTheme = nativeTheme
  readonly net = net
  readonly Notification = Notification
  readonly powerMonitor = powerMonitor
  readonly powerSaveBlocker = powerSaveBlocker
  readonly protocol = protocol
  readonly safeStorage = safeStorage
  readonly screen = screen
  readonly session = session
  readonly shell = shell
  readonly Tray = Tray
  readonly utilityProcess = utilityProcess
}

const electron = new Electron()
/** For whoever takes the whole of it, and for `require`. */
export { electron as default, electron as 'module.exports' }
