import type { BrowserContext, CDPSession, Page, Request, Route } from 'playwright-core'

import { packValue, unpackValue } from '../page/pack.ts'
import type { FromPage, ToPage } from '../page/preload-world.ts'
import type { PageMessage, PageRequest, PageResponse, WindowCreation } from '../protocol.ts'
import { toAppUrl, toPageUrl } from './app-url.ts'
import { pageScripts } from './page-scripts.ts'

/** What the app is asked about one of its pages. */
export interface PageOwner {
  invoke(message: PageMessage): Promise<unknown>
  send(message: PageMessage): void
  request(request: PageRequest): Promise<PageResponse | undefined>
  mayNavigate(url: string): Promise<boolean>
  mayOpen(url: string): Promise<boolean>
  finished(url: string): void
  crashed(): void
  refusedRequest(url: string): void
  /** It does what the stand-in has not. */
  failed(what: string): void
}

/** One window of the app: a real page, whose preload runs in a world of its own. */
export interface AppPage {
  readonly page: Page
  /** By its own scheme. */
  readonly url: string
  load(url: string): Promise<void>
  resize(size: { readonly width: number; readonly height: number }): Promise<void>
  send(channel: string, args: readonly unknown[]): Promise<void>
  close(): Promise<void>
}

const preloadWorldName = 'preload'

export async function openAppPage(
  context: BrowserContext,
  { id, bounds, preloadSource }: WindowCreation,
  owner: PageOwner,
): Promise<AppPage> {
  const page = await context.newPage()
  await page.setViewportSize({ width: bounds.width, height: bounds.height })
  /** The navigation that main itself asked for: `will-navigate` is about the others. */
  let loading: string | undefined
  // An app that ends meanwhile answers nothing.
  await page.route('**/*', (route) => answer(route, route.request()).catch(() => undefined))
  // What it would load is asked about below; the page itself comes to nothing.
  page.on('popup', (popup) => void popup.close().catch(() => undefined))
  page.on('load', () => owner.finished(toAppUrl(page.url())))
  page.on('crash', () => owner.crashed())
  const cdp = await context.newCDPSession(page)
  await cdp.send('Page.enable')
  cdp.on('Page.windowOpen', ({ url }) => void open(toAppUrl(url)).catch(() => undefined))
  const preload = preloadSource === undefined ? undefined : await connectPreload(cdp, preloadSource, receive)

  async function answer(route: Route, request: Request): Promise<void> {
    const url = toAppUrl(request.url())
    // Browsers ask for one; Electron does not.
    if (url.endsWith('/favicon.ico')) {
      await route.fulfill({ status: 204 })
      return
    }
    const isNavigation = request.isNavigationRequest() && request.frame() === page.mainFrame()
    if (isNavigation && request.url() !== loading && !(await owner.mayNavigate(url))) {
      await route.abort('aborted')
      return
    }
    const body = request.postDataBuffer() ?? undefined
    const response = await owner.request({
      windowId: id,
      url,
      method: request.method(),
      headers: await request.allHeaders(),
      body,
    })
    if (response !== undefined) {
      await route.fulfill({ ...response })
      return
    }
    owner.refusedRequest(url)
    await route.abort('blockedbyclient')
  }

  async function open(url: string): Promise<void> {
    if (await owner.mayOpen(url)) owner.failed(`opens no windows for pages, but main allowed ${url}`)
  }

  function receive(message: FromPage, reply: (message: ToPage) => Promise<void>): void {
    const { channel, args } = message
    const sent = { windowId: id, frameUrl: toAppUrl(page.url()), channel, args }
    if (message.kind === 'send') {
      owner.send(sent)
      return
    }
    owner.invoke(sent).then(
      (value) => void reply({ kind: 'answer', id: message.id, value }),
      (error: unknown) => void reply({ kind: 'refusal', id: message.id, message: (error as Error).message }),
    )
  }

  return {
    page,
    get url() {
      return toAppUrl(page.url())
    },
    load: async (url) => {
      loading = toPageUrl(url)
      await page.goto(loading)
      loading = undefined
    },
    resize: (size) => page.setViewportSize(size),
    send: async (channel, args) => await preload?.deliver({ kind: 'message', channel, args }),
    close: () => page.close(),
  }
}

interface PreloadConnection {
  deliver(message: ToPage): Promise<void>
}

async function connectPreload(
  cdp: CDPSession,
  source: string,
  receive: (message: FromPage, reply: (message: ToPage) => Promise<void>) => void,
): Promise<PreloadConnection> {
  // Frames in the page have a world of that name, too, in which nothing runs.
  const { frameTree } = await cdp.send('Page.getFrameTree')
  let contextId: number | undefined
  const deliver = async (message: ToPage): Promise<void> => {
    if (contextId === undefined) return
    const expression = `standInReceive(${JSON.stringify(JSON.stringify(packValue(message)))})`
    // A page that goes away meanwhile hears nothing any more.
    await cdp.send('Runtime.evaluate', { contextId, expression }).catch(() => undefined)
  }
  cdp.on('Runtime.executionContextCreated', ({ context }) => {
    const { frameId } = context.auxData as { readonly frameId?: string }
    if (context.name === preloadWorldName && frameId === frameTree.frame.id) contextId = context.id
  })
  cdp.on('Runtime.executionContextsCleared', () => (contextId = undefined))
  cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
    if (name !== 'standInSend' || executionContextId !== contextId) return
    receive(unpackValue(JSON.parse(payload)) as FromPage, deliver)
  })
  const scripts = pageScripts(source)
  await cdp.send('Runtime.enable')
  await cdp.send('Runtime.addBinding', { name: 'standInSend', executionContextName: preloadWorldName })
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: scripts.mainWorld })
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
    source: scripts.preloadWorld,
    worldName: preloadWorldName,
  })
  return { deliver }
}
