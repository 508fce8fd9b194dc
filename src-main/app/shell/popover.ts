import { BrowserWindow, nativeTheme, type IpcMainInvokeEvent, type Rectangle, type Session } from 'electron'

import type { Clock, Timer } from '../../lib/clock.ts'
import { createEmitter, type Event } from '../../lib/event.ts'
import type { Logger } from '../../lib/logger.ts'
import { channels } from '../../shared/app/channels.ts'
import type { Place } from '../../shared/app/answers.ts'
import { popoverUrl } from './page-protocol.ts'
import { safeWebPreferences } from './security.ts'

/** The page in a window, as those see it who speak with it. */
export interface WindowPage {
  /** Whether a message comes from this very page, and not from a frame or another page in its place. */
  isOwn(event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>): boolean
  /** Dropped while there is no page. */
  send(channel: string, payload: unknown): void
  readonly isShown: boolean
  /** `true` a moment before it is shown, so that what is sent then is what is seen first; `false` when it is hidden. */
  readonly shown: Event<boolean>
}

export interface Popover extends Disposable {
  readonly page: WindowPage
  /** Begins to load the page, so that it is painted before it is wanted. To be called when its questions can be answered. */
  load(): void
  show(): void
  hide(): void
  /** The same, at one of its views. */
  showView(view: Place): void
  /** A click on the tray icon. */
  toggle(): void
  /** In CSS pixels; as much of it as the display has. */
  resize(height: number): void
  /** Stays open although the focus goes elsewhere, for as long as `during` takes: a dialog of the system belongs to it. */
  stayOpen<T>(during: () => Promise<T>): Promise<T>
  /** From now on the window may be closed: the app ends. */
  letClose(): void
}

export interface PopoverParts {
  readonly session: Session
  readonly preloadPath: string
  readonly clock: Clock
  readonly logger: Logger
  readonly place: (size: { readonly width: number; readonly height: number }) => Rectangle
}

const widthPx = 360
const firstHeightPx = 320
/** A press on the icon takes the focus, which hides the popover, before its click arrives. */
const sameClickMs = 300
const reloadPauseMs = 10_000
/** What the page was sent just before it is shown is drawn within it, and too short to be noticed. */
const drawMs = 30

/** A window under the menu bar that is there before it is asked for, and hides when the focus leaves it. */
export function createPopover({ session, preloadPath, clock, logger, place }: PopoverParts): Popover {
  const window = new BrowserWindow({
    width: widthPx,
    height: firstHeightPx,
    show: false,
    frame: false,
    resizable: false,
    movable: false,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    skipTaskbar: true,
    alwaysOnTop: true,
    // A panel takes the keyboard without making the app the active one: the focus returns by itself to where it was.
    ...(process.platform === 'darwin' ? { type: 'panel' } : {}),
    title: 'Mountbar',
    backgroundColor: backgroundColor(),
    webPreferences: { ...safeWebPreferences, session, preload: preloadPath },
  })
  // Also over an app in full screen, without a detour through the Dock.
  window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true, skipTransformProcessType: true })

  const shown = createEmitter<boolean>()
  const contents = window.webContents
  let height = firstHeightPx
  let isPainted = false
  let isLoaded = false
  let wantedView: Place | undefined
  let isWanted = false
  let isShown = false
  let drawing: Timer | undefined
  let mayClose = false
  let staying = 0
  let hiddenByBlurMs = -Infinity
  let loadedMs = -Infinity

  const reach = (): boolean => !window.isDestroyed() && !contents.isDestroyed()

  const load = (): void => {
    loadedMs = clock.monotonicMs()
    window.loadURL(popoverUrl).catch((error: unknown) => logger.error('popover', 'not loaded', { error }))
  }

  const show = (): void => {
    if (!reach()) return
    isWanted = true
    if (!isPainted) {
      if (clock.monotonicMs() - loadedMs > reloadPauseMs && loadedMs > -Infinity) load()
      return
    }
    if (isShown) return
    isShown = true
    shown.fire(true)
    drawing = clock.setTimeout(reveal, drawMs)
  }
  const reveal = (): void => {
    window.setBounds(place({ width: widthPx, height }))
    window.show()
    contents.focus()
  }

  const wasHidden = (): void => {
    isWanted = false
    if (!isShown) return
    isShown = false
    drawing?.[Symbol.dispose]()
    shown.fire(false)
  }
  const hide = (): void => {
    // First, because hiding takes the focus, too, and that is nobody's click elsewhere.
    wasHidden()
    if (reach()) window.hide()
  }

  window.once('ready-to-show', () => {
    isPainted = true
    if (isWanted) show()
  })
  window.on('blur', () => {
    if (!isShown || staying > 0 || contents.isDevToolsFocused()) return
    hiddenByBlurMs = clock.monotonicMs()
    hide()
  })
  // Cmd-H hides all windows of an app.
  window.on('hide', wasHidden)
  window.on('close', (event) => {
    if (mayClose) return
    event.preventDefault()
    hide()
  })
  contents.on('did-finish-load', () => {
    isPainted = isLoaded = true
    if (wantedView !== undefined) contents.send(channels.navigate, wantedView)
    wantedView = undefined
    if (isWanted) show()
  })
  contents.on('render-process-gone', (_event, { reason }) => {
    logger.error('popover', 'page gone', { reason })
    isPainted = isLoaded = false
    hide()
    // Not in a loop: what breaks at once is tried again when somebody wants to see it.
    if (clock.monotonicMs() - loadedMs > reloadPauseMs) load()
  })

  return {
    page: {
      isOwn: ({ sender, senderFrame }) =>
        sender === contents &&
        senderFrame !== null &&
        senderFrame === contents.mainFrame &&
        senderFrame.url.split(/[?#]/)[0] === popoverUrl,
      send: (channel, payload) => {
        if (reach()) contents.send(channel, payload)
      },
      get isShown() {
        return isShown
      },
      shown,
    },
    load,
    show,
    hide,
    showView: (view) => {
      // First, so that it is what is seen first.
      if (isLoaded) contents.send(channels.navigate, view)
      else wantedView = view
      show()
    },
    toggle: () => {
      if (isShown) hide()
      else if (clock.monotonicMs() - hiddenByBlurMs > sameClickMs) show()
    },
    resize: (wished) => {
      height = wished
      if (reach() && isShown) window.setBounds(place({ width: widthPx, height }))
    },
    stayOpen: async (during) => {
      staying += 1
      try {
        return await during()
      } finally {
        staying -= 1
        if (reach() && isShown) window.focus()
      }
    },
    letClose: () => {
      mayClose = true
    },
    [Symbol.dispose]: () => {
      mayClose = true
      drawing?.[Symbol.dispose]()
      if (!window.isDestroyed()) window.destroy()
    },
  }
}

/** The page's own surface, so that nothing flashes before it is drawn for the first time. */
function backgroundColor(): string {
  return nativeTheme.shouldUseDarkColors ? '#232326' : '#f4f4f6'
}
