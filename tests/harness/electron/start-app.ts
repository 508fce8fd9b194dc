import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

import { findProgram } from '../../../scripts/debian/find-program.ts'
import { waitFor, within } from '../wait-for.ts'
import { serveAppPages } from './host/app-pages.ts'
import { spawnApp, type AppProcess } from './host/app-process.ts'
import type {
  Deed,
  Desk,
  DialogKind,
  DialogQuestion,
  DisplayOptions,
  MenuItemView,
  NotificationView,
  PowerEvent,
  StandInOptions,
} from './protocol.ts'

const builtMainPath = join(import.meta.dirname, '../../../out/main.js')

export interface StartAppOptions {
  /** HOME of the app; what is the user's own is below. */
  readonly homeDir: string
  /** To share one Chromium among apps (`startChromium`); without it the app gets one of its own. */
  readonly browser?: Browser
  /** The built app unless it is another. */
  readonly mainPath?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly machine?: Partial<Omit<StandInOptions, 'homeDir'>>
  /** How pages look: colour scheme, scale, reduced motion. */
  readonly look?: BrowserContextOptions
  /** Pages of an app that is slow to start. */
  readonly limitMs?: number
}

export interface OpenDialog extends DialogQuestion {
  /** As Electron would: `{ response: 1 }`, `{ canceled: true }`, `{ filePaths: ['/x'] }`. The rest is filled in. */
  answer(value: Readonly<Record<string, unknown>>): void
}

/** An app that runs on the stand-in, its desktop, and the person in front of it. */
export interface RunningApp extends AsyncDisposable {
  readonly process: AppProcess
  /** What can be seen now. */
  readonly desk: Desk
  /** What the app had the system do, the oldest first. */
  readonly deeds: readonly Deed[]
  /** The page of a window: the one that is visible, when no id is given. Waits for it. */
  page(windowId?: number): Promise<Page>
  clickTray(button?: 'click' | 'right-click'): Promise<void>
  /** Of the open menu, down by its labels; a text that a label begins with is enough. @throws when it is greyed out. */
  chooseMenuItem(...labels: readonly string[]): Promise<void>
  closeMenu(): Promise<void>
  /** The notification whose title or body contains `text`. Waits for it. */
  notification(text: string): Promise<NotificationView>
  clickNotification(text: string): Promise<void>
  chooseNotificationAction(text: string, label: string): Promise<void>
  closeNotification(text: string): Promise<void>
  /** The next dialog that was not yet taken. Waits for it. */
  dialog(kind?: DialogKind): Promise<OpenDialog>
  /** Takes the focus from whatever has it, as a click elsewhere does. */
  clickElsewhere(): Promise<void>
  closeWindow(windowId: number): Promise<void>
  power(event: PowerEvent): Promise<void>
  openUrl(url: string): Promise<void>
  /** As opening the app again, when it runs already. */
  activate(): Promise<void>
  setDark(isDark: boolean): Promise<void>
  setOnline(isOnline: boolean): Promise<void>
  setDisplays(displays: readonly DisplayOptions[]): Promise<void>
  /** Whether the app would let a page have `permission`. */
  grantsPermission(permission: string, windowId?: number): Promise<boolean>
  /** As Cmd-Q; whether and when it ends is the app's decision. */
  quit(): Promise<void>
}

/** Dispose of it at the end of the suite. */
export async function startChromium(): Promise<Browser> {
  const executablePath = findProgram('chromium')
  if (executablePath === undefined)
    throw new Error("chromium is not installed; declare it with needs('chromium')")
  return await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

const emptyDesk: Desk = {
  tray: undefined,
  openMenu: undefined,
  applicationMenu: undefined,
  windows: [],
  notifications: [],
  clipboardText: '',
  isDockIconVisible: true,
  loginItem: { openAtLogin: false, args: [] },
  protocolClients: [],
  powerSaveBlockers: [],
}

/** Starts the app and returns when it is ready, as `app.whenReady` says. Disposing kills what has not ended. */
export async function startApp(options: StartAppOptions): Promise<RunningApp> {
  const { homeDir, mainPath = builtMainPath, args = [], env = {}, machine, limitMs = 60_000 } = options
  await mkdir(homeDir, { recursive: true })
  // First of all, because an app that has been started asks for its windows.
  const browser = options.browser ?? (await startChromium())
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options.look })
  // Nothing that is not the app's own reaches the network; a page that is just being closed asks for nothing more.
  await context.route('**/*', (route) => route.abort('blockedbyclient').catch(() => undefined))
  const app = await spawnApp(mainPath, args, env, {
    homeDir,
    version: '0.1.0',
    isPackaged: false,
    displays: [{ bounds: { x: 0, y: 0, width: 1440, height: 900 } }],
    isDark: false,
    isOnline: true,
    wasOpenedAtLogin: false,
    loginItem: { openAtLogin: false, args: [] },
    ...machine,
  })
  const { channel } = app
  const ready = Promise.withResolvers<undefined>()
  let desk = emptyDesk
  const deeds: Deed[] = []
  const dialogs: OpenDialog[] = []
  channel.answer('show', (part) => void (desk = { ...desk, ...part }))
  channel.answer('did', (deed) => void deeds.push(deed))
  channel.answer('ready', () => ready.resolve(undefined))
  channel.answer('dialog', (question) => {
    const { promise, resolve } = Promise.withResolvers<Readonly<Record<string, unknown>>>()
    dialogs.push({ ...question, answer: resolve })
    return promise
  })

  channel.answer('dialog.withdraw', ({ key }) => {
    const at = dialogs.findIndex((dialog) => dialog.key === key)
    if (at !== -1) dialogs.splice(at, 1)
  })

  const pages = serveAppPages(context, app, (deed) => deeds.push(deed))

  const dispose = async (): Promise<void> => {
    await app.kill()
    await context.close()
    if (options.browser === undefined) await browser.close()
    const beyond = deeds.filter((deed) => deed.what === 'beyond-stand-in').map(({ text }) => text)
    if (beyond.length > 0) throw new Error(`the Electron stand-in ${beyond.join(', ')}`)
  }
  const ended = app.exited.then(({ code }) => {
    throw new Error(`the app ended before it was ready, with ${code ?? 'a signal'}:\n${app.output()}`)
  })
  try {
    await within(Promise.race([ready.promise, ended]), 'the app to be ready', limitMs)
  } catch (error) {
    await dispose()
    throw new Error(`${(error as Error).message}\n${app.output()}`, { cause: error })
  } finally {
    ended.catch(() => undefined)
  }

  const visiblePage = (): Page | undefined => {
    const visible = desk.windows.find(({ isVisible }) => isVisible)
    return visible === undefined ? undefined : pages.of(visible.id)
  }
  const found = (text: string): NotificationView | undefined =>
    desk.notifications.find(({ title, body }) => title.includes(text) || body.includes(text))
  const notification = (text: string): Promise<NotificationView> =>
    waitFor(() => found(text), { what: `a notification that says "${text}"`, limitMs })

  return {
    process: app,
    get desk() {
      return desk
    },
    deeds,
    page: (windowId) =>
      waitFor(() => (windowId === undefined ? visiblePage() : pages.of(windowId)), {
        what: 'a window',
        limitMs,
      }),
    clickTray: async (button = 'click') => {
      await channel.ask('tray.click', { button })
    },
    chooseMenuItem: async (...labels) => {
      const menu = await waitFor(() => desk.openMenu, { what: 'a menu', limitMs })
      await channel.ask('menu.choose', { key: itemAt(menu, labels).key })
    },
    closeMenu: async () => {
      await channel.ask('menu.close', undefined)
    },
    notification,
    clickNotification: async (text) => {
      const { key } = await notification(text)
      await channel.ask('notification.click', { key })
    },
    chooseNotificationAction: async (text, label) => {
      const { key, actions } = await notification(text)
      const index = actions.indexOf(label)
      if (index === -1) throw new Error(`"${label}" is none of the actions: ${actions.join(', ')}`)
      await channel.ask('notification.action', { key, index })
    },
    closeNotification: async (text) => {
      const { key } = await notification(text)
      await channel.ask('notification.close', { key })
    },
    dialog: async (kind) => {
      const index = (): number => dialogs.findIndex((dialog) => kind === undefined || dialog.kind === kind)
      await waitFor(() => index() !== -1 || app.hasExited, { what: kind ?? 'a dialog', limitMs })
      const at = index()
      if (at === -1) throw new Error('the app ended without a dialog')
      return dialogs.splice(at, 1)[0]!
    },
    clickElsewhere: async () => {
      await channel.ask('window.blur', undefined)
    },
    closeWindow: async (id) => {
      await channel.ask('window.close', { id })
    },
    power: async (event) => {
      await channel.ask('power', event)
    },
    openUrl: async (url) => {
      await channel.ask('open-url', { url })
    },
    activate: async () => {
      await channel.ask('activate', undefined)
    },
    setDark: async (isDark) => {
      await channel.ask('set-dark', { isDark })
      for (const page of pages.all()) await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' })
    },
    setOnline: async (isOnline) => {
      await channel.ask('set-online', { isOnline })
    },
    setDisplays: async (displays) => {
      await channel.ask('set-displays', { displays })
    },
    grantsPermission: async (permission, windowId = 1) =>
      (await channel.ask('ask-permission', { windowId, permission })).isGranted,
    // An app that ends at once does not answer.
    quit: async () => {
      await channel.ask('quit', undefined).catch(() => undefined)
    },
    [Symbol.asyncDispose]: dispose,
  }
}

function itemAt(menu: readonly MenuItemView[], [label = '', ...rest]: readonly string[]): MenuItemView {
  const visible = menu.filter((item) => item.visible && item.type !== 'separator')
  const item =
    visible.find((each) => each.label === label) ?? visible.find((each) => each.label.startsWith(label))
  if (item === undefined)
    throw new Error(`"${label}" is not in the menu: ${visible.map((each) => each.label).join(', ')}`)
  if (!item.enabled) throw new Error(`"${item.label}" is greyed out`)
  return rest.length === 0 ? item : itemAt(item.submenu, rest)
}
