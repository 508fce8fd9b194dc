import { app, session, type Session, type WebContents, type WebPreferences } from 'electron'

import type { Logger } from '../../lib/logger.ts'
import { isOwnPage } from './page-protocol.ts'

/** What every window of ours is made with. */
export const safeWebPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  webSecurity: true,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
} satisfies WebPreferences

/** To be called before the app is ready: whatever page there is, or will be, goes nowhere and opens nothing. */
export function restrictPages(logger: Logger): Disposable {
  app.enableSandbox()
  const restrict = (_event: unknown, contents: WebContents): void => {
    const refuse = (what: string) => (event: { preventDefault(): void; readonly url?: string }) => {
      event.preventDefault()
      logger.warn('page', 'refused', { what, url: event.url })
    }
    contents.on('will-navigate', refuse('navigate'))
    contents.on('will-frame-navigate', refuse('navigate a frame'))
    contents.on('will-redirect', refuse('redirect'))
    contents.on('will-attach-webview', refuse('attach a webview'))
    contents.setWindowOpenHandler(({ url }) => {
      logger.warn('page', 'refused', { what: 'open a window', url })
      return { action: 'deny' }
    })
  }
  app.on('web-contents-created', restrict)
  return { [Symbol.dispose]: () => void app.off('web-contents-created', restrict) }
}

/**
 * The session of our pages: in memory only, so nothing of a page outlives the app; no permission is granted, and no request leaves it.
 * To be called once the app is ready.
 */
export function openPageSession(): Session {
  const pages = session.fromPartition('popover', { cache: false })
  pages.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  pages.setPermissionCheckHandler(() => false)
  pages.setDevicePermissionHandler(() => false)
  pages.webRequest.onBeforeRequest(({ url }, answer) =>
    answer({ cancel: !isOwnPage(url) && !url.startsWith('devtools:') }),
  )
  pages.on('will-download', (event) => event.preventDefault())
  return pages
}
