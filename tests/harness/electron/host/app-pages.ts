import type { BrowserContext, Page } from 'playwright-core'

import type { AppProcess } from './app-process.ts'
import { openAppPage, type AppPage, type PageOwner } from './app-page.ts'
import type { Deed, WindowCreation } from '../protocol.ts'

export interface AppPages {
  /** Of the windows that have not been destroyed, oldest first. */
  all(): readonly Page[]
  of(windowId: number): Page | undefined
}

/** Answers what the app asks about its windows with pages of `context`. */
export function serveAppPages(
  context: BrowserContext,
  { channel }: AppProcess,
  record: (deed: Deed) => void,
): AppPages {
  const pages = new Map<number, AppPage>()
  const need = (id: number): AppPage => {
    const page = pages.get(id)
    if (page === undefined) throw new Error(`window ${id} has been destroyed`)
    return page
  }
  /** What a page says while its app ends is heard by nobody. */
  const tell = (told: Promise<unknown>): void => void told.catch(() => undefined)
  const ownerOf = (windowId: number): PageOwner => ({
    invoke: (message) => channel.ask('page.invoke', message),
    send: (message) => tell(channel.ask('page.send', message)),
    request: (request) => channel.ask('page.request', request),
    mayNavigate: async (url) => (await channel.ask('page.will-navigate', { windowId, url })).isAllowed,
    mayOpen: async (url) => (await channel.ask('page.open', { windowId, url })).isAllowed,
    finished: (url) => tell(channel.ask('page.finished', { windowId, url })),
    crashed: () => tell(channel.ask('page.gone', { windowId, reason: 'crashed' })),
    failed: (what) => record({ what: 'beyond-stand-in', text: what }),
    refusedRequest: (url) => record({ what: 'refuse-request', url }),
  })
  const create = async (creation: WindowCreation): Promise<undefined> => {
    pages.set(creation.id, await openAppPage(context, creation, ownerOf(creation.id)))
  }
  channel.answer('window.create', create)
  channel.answer('window.load', ({ id, url }) => need(id).load(url))
  channel.answer('window.resize', ({ id, ...size }) => pages.get(id)?.resize(size))
  channel.answer('window.send', async ({ id, channel: name, args }) => {
    await pages.get(id)?.send(name, args)
  })
  channel.answer('window.destroy', async ({ id }) => {
    const page = pages.get(id)
    pages.delete(id)
    await page?.close()
  })
  return {
    all: () => [...pages.values()].map(({ page }) => page),
    of: (windowId) => pages.get(windowId)?.page,
  }
}
