/** What the app's process, with the stand-in in Electron's place, and the test's process say to each other. */

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface MenuItemView {
  /** By which it is chosen. */
  readonly key: number
  readonly label: string
  readonly type: string
  readonly enabled: boolean
  readonly checked: boolean
  readonly visible: boolean
  readonly role: string | undefined
  readonly accelerator: string | undefined
  readonly submenu: readonly MenuItemView[]
}

export interface TrayView {
  readonly imagePath: string
  readonly isTemplate: boolean
  readonly pressedImagePath: string | undefined
  readonly toolTip: string
  readonly title: string
  readonly bounds: Rectangle
  /** What a click opens by itself. */
  readonly menu: readonly MenuItemView[] | undefined
}

export interface WindowView {
  readonly id: number
  readonly bounds: Rectangle
  readonly isVisible: boolean
  readonly isFocused: boolean
  /** As the app knows it, with its own scheme. */
  readonly url: string
}

export interface NotificationView {
  readonly key: number
  readonly title: string
  readonly subtitle: string
  readonly body: string
  readonly isSilent: boolean
  readonly actions: readonly string[]
}

export interface LoginItemView {
  readonly openAtLogin: boolean
  readonly args: readonly string[]
}

/** What a person would see, as it is now. */
export interface Desk {
  readonly tray: TrayView | undefined
  /** Opened by `popUpContextMenu`; stays until an item is chosen or `closeMenu`. */
  readonly openMenu: readonly MenuItemView[] | undefined
  readonly applicationMenu: readonly MenuItemView[] | undefined
  readonly windows: readonly WindowView[]
  /** Shown, and neither clicked nor closed. */
  readonly notifications: readonly NotificationView[]
  readonly clipboardText: string
  readonly isDockIconVisible: boolean
  readonly loginItem: LoginItemView
  /** Schemes whose links the app wants. */
  readonly protocolClients: readonly string[]
  readonly powerSaveBlockers: readonly { readonly id: number; readonly type: string }[]
}

/** What the app had the system do, in order. */
export type Deed =
  | { readonly what: 'open-external'; readonly url: string }
  | { readonly what: 'open-path'; readonly path: string }
  | { readonly what: 'show-in-folder'; readonly path: string }
  | { readonly what: 'beep' }
  | { readonly what: 'show-notification'; readonly notification: NotificationView }
  | { readonly what: 'close-notification'; readonly key: number }
  | { readonly what: 'refuse-window'; readonly url: string }
  | { readonly what: 'refuse-navigation'; readonly url: string }
  | { readonly what: 'refuse-request'; readonly url: string }
  /** Something that only Electron could do; disposing of the app throws. */
  | { readonly what: 'beyond-stand-in'; readonly text: string }
  | { readonly what: 'error-box'; readonly title: string; readonly content: string }

export type DialogKind = 'message-box' | 'open-dialog' | 'save-dialog'

export interface DialogQuestion {
  readonly key: number
  readonly kind: DialogKind
  /** As the app gave them, without what cannot be cloned. */
  readonly options: Readonly<Record<string, unknown>>
}

export interface DisplayOptions {
  readonly bounds: Rectangle
  /** Of the menu bar at its top; 24 when not given. */
  readonly menuBarHeight?: number
  readonly scaleFactor?: number
}

/** The machine as the app finds it. */
export interface StandInOptions {
  readonly homeDir: string
  readonly version: string
  readonly isPackaged: boolean
  readonly displays: readonly DisplayOptions[]
  readonly isDark: boolean
  readonly isOnline: boolean
  /** Whether the system started the app by itself. */
  readonly wasOpenedAtLogin: boolean
  readonly loginItem: LoginItemView
}

export interface WindowCreation {
  readonly id: number
  readonly bounds: Rectangle
  readonly preloadSource: string | undefined
}

export interface PageRequest {
  readonly windowId: number
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
}

export interface PageResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface PageMessage {
  readonly windowId: number
  readonly frameUrl: string
  readonly channel: string
  readonly args: readonly unknown[]
}

interface Ask<A, B = unknown> {
  readonly ask: A
  readonly answer: B
}

export type AsksOfHost = {
  /** Replaces parts of what can be seen. */
  show: Ask<Partial<Desk>>
  did: Ask<Deed>
  dialog: Ask<DialogQuestion, Readonly<Record<string, unknown>>>
  /** The app has closed it by itself. */
  'dialog.withdraw': Ask<{ readonly key: number }>
  'window.create': Ask<WindowCreation>
  'window.load': Ask<{ readonly id: number; readonly url: string }>
  'window.resize': Ask<{ readonly id: number; readonly width: number; readonly height: number }>
  'window.send': Ask<{ readonly id: number; readonly channel: string; readonly args: readonly unknown[] }>
  'window.destroy': Ask<{ readonly id: number }>
  /** The entry point has been loaded, and Electron would be ready. */
  ready: Ask<undefined>
}

export type PowerEvent = 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen' | 'shutdown'

export type AsksOfApp = {
  'page.invoke': Ask<PageMessage>
  'page.send': Ask<PageMessage>
  /** `undefined` where the app has said nothing about it: it is not let through. */
  'page.request': Ask<PageRequest, PageResponse | undefined>
  'page.will-navigate': Ask<
    { readonly windowId: number; readonly url: string },
    { readonly isAllowed: boolean }
  >
  'page.open': Ask<{ readonly windowId: number; readonly url: string }, { readonly isAllowed: boolean }>
  'page.finished': Ask<{ readonly windowId: number; readonly url: string }>
  'page.gone': Ask<{ readonly windowId: number; readonly reason: 'crashed' | 'killed' }>
  'tray.click': Ask<{ readonly button: 'click' | 'right-click' | 'double-click' }>
  'menu.choose': Ask<{ readonly key: number }>
  'menu.close': Ask<undefined>
  'notification.click': Ask<{ readonly key: number }>
  'notification.action': Ask<{ readonly key: number; readonly index: number }>
  'notification.close': Ask<{ readonly key: number }>
  'window.blur': Ask<undefined>
  'window.close': Ask<{ readonly id: number }>
  power: Ask<PowerEvent>
  'open-url': Ask<{ readonly url: string }>
  activate: Ask<undefined>
  'set-dark': Ask<{ readonly isDark: boolean }>
  'set-online': Ask<{ readonly isOnline: boolean }>
  'set-displays': Ask<{ readonly displays: readonly DisplayOptions[] }>
  'ask-permission': Ask<
    { readonly windowId: number; readonly permission: string },
    { readonly isGranted: boolean }
  >
  quit: Ask<undefined>
}
