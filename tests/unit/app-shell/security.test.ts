import { EventEmitter } from 'node:events'

import { afterEach, describe, expect, test, vi } from 'vitest'

import { silentLogger } from '../../../src-main/lib/logger.ts'
import { FakeEvent } from '../../fakes/fake-electron.ts'

type Answer = (value: unknown) => void
type Handler = (...args: unknown[]) => unknown

const electron = vi.hoisted(() => ({
  app: undefined as unknown as EventEmitter,
  sandboxed: 0,
  partitions: [] as unknown[],
  schemes: [] as unknown[],
}))

/** What a session is told, by the name of the method that says it. */
const session = vi.hoisted(() => ({ handlers: new Map<string, Handler>() }))

vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events')
  const app = Object.assign(new Emitter(), {
    enableSandbox: () => {
      electron.sandboxed += 1
    },
  })
  electron.app = app
  const keep = (name: string) => (handler: Handler) => void session.handlers.set(name, handler)
  return {
    app,
    protocol: { registerSchemesAsPrivileged: (schemes: unknown[]) => electron.schemes.push(...schemes) },
    session: {
      fromPartition: (...args: unknown[]) => {
        electron.partitions.push(args)
        return {
          setPermissionRequestHandler: keep('request'),
          setPermissionCheckHandler: keep('check'),
          setDevicePermissionHandler: keep('device'),
          webRequest: { onBeforeRequest: keep('before-request') },
          on: (event: string, handler: Handler) => session.handlers.set(event, handler),
        }
      },
    },
  }
})
const { openPageSession, restrictPages, safeWebPreferences } =
  await import('../../../src-main/app/shell/security.ts')
const { registerPageScheme } = await import('../../../src-main/app/shell/page-protocol.ts')

afterEach(() => {
  Object.assign(electron, { sandboxed: 0, partitions: [], schemes: [] })
  session.handlers.clear()
})

test('a window is made without Node, without other worlds in its own, and with the web’s rules', () => {
  expect(safeWebPreferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    webSecurity: true,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  })
})

describe('any page there is', () => {
  test('is in a sandbox, whoever made it', () => {
    using _restricted = restrictPages(silentLogger)
    expect(electron.sandboxed).toBe(1)
  })

  test.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
    'has its %s refused',
    (event) => {
      using _restricted = restrictPages(silentLogger)
      const attempt = new FakeEvent()
      newPage().emit(event, attempt)
      expect(attempt.isPrevented).toBe(true)
    },
  )

  test('opens no window', () => {
    using _restricted = restrictPages(silentLogger)
    expect(newPage().openWindow?.({ url: 'https://example.com/' })).toEqual({ action: 'deny' })
  })
})

describe('the session of our pages', () => {
  test('is in memory only', () => {
    openPageSession()
    expect(electron.partitions).toEqual([['popover', { cache: false }]])
  })

  test.each(['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'fullscreen'])(
    'grants no %s, neither asked nor looked up',
    (permission) => {
      openPageSession()
      const answers: unknown[] = []
      const answer: Answer = (value) => answers.push(value)
      session.handlers.get('request')?.({}, permission, answer)
      answers.push(session.handlers.get('check')?.({}, permission))
      answers.push(session.handlers.get('device')?.({ deviceType: 'usb' }))
      expect(answers).toEqual([false, false, false])
    },
  )

  test.each<[string, boolean]>([
    ['mountbar-app://popover/index.html', false],
    ['mountbar-app://popover.example.com/index.html', true],
    ['mountbar-app://elsewhere/index.html', true],
    ['https://example.com/', true],
    ['http://127.0.0.1:8080/', true],
    ['ws://127.0.0.1:8080/', true],
    ['file:///etc/passwd', true],
    ['data:text/html,x', true],
  ])('a request for %s is cancelled: %s', (url, cancel) => {
    openPageSession()
    const answers: unknown[] = []
    session.handlers.get('before-request')?.({ url }, (value: unknown) => answers.push(value))
    expect(answers).toEqual([{ cancel }])
  })

  test('downloads nothing', () => {
    openPageSession()
    const download = new FakeEvent()
    session.handlers.get('will-download')?.(download)
    expect(download.isPrevented).toBe(true)
  })
})

test('the scheme of our pages has the rights of a page on the web and no others', () => {
  registerPageScheme()
  expect(electron.schemes).toEqual([{ scheme: 'mountbar-app', privileges: { standard: true, secure: true } }])
})

type OpenHandler = (details: { readonly url: string }) => unknown

class Page extends EventEmitter {
  openWindow: OpenHandler | undefined
  setWindowOpenHandler(handler: OpenHandler): void {
    this.openWindow = handler
  }
}

function newPage(): Page {
  const page = new Page()
  electron.app.emit('web-contents-created', {}, page)
  return page
}
