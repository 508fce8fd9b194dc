import { app } from 'electron'

import { createEmitter, type Event } from '../../lib/event.ts'

/** The one app of this user. What it was asked to do before anybody listened is kept. */
export interface Instance extends Disposable {
  /** It was started again, or its icon was clicked in Finder. */
  readonly startedAgain: Event<undefined>
  /** `mountbar://` links, unread. @returns those that came before it listened. */
  listenToLinks(listener: (link: string) => void): readonly string[]
}

const linkScheme = 'mountbar'
const mostKept = 10

/**
 * To be called first of all, in the same turn in which the program starts: a link may be the reason it was started.
 * @returns `undefined` when the app runs already; this process then ends, and the other one is told.
 */
export function claimInstance(): Instance | undefined {
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return undefined
  }
  // An app in development would claim the links of the installed one.
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme)

  const startedAgain = createEmitter<undefined>()
  const kept: string[] = []
  let listener: ((link: string) => void) | undefined
  const take = (link: string): void => {
    if (listener !== undefined) listener(link)
    else if (kept.length < mostKept) kept.push(link)
  }
  const onOpenUrl = (event: { preventDefault(): void }, url: string): void => {
    event.preventDefault()
    take(url)
  }
  const onSecond = (_event: unknown, argv: readonly string[]): void => {
    const link = argv.find((argument) => argument.startsWith(`${linkScheme}:`))
    if (link === undefined) startedAgain.fire(undefined)
    else take(link)
  }
  const onActivate = (): void => startedAgain.fire(undefined)
  app.on('open-url', onOpenUrl)
  app.on('second-instance', onSecond)
  app.on('activate', onActivate)
  return {
    startedAgain,
    listenToLinks: (heard) => {
      listener = heard
      return kept.splice(0)
    },
    [Symbol.dispose]: () => {
      app.off('open-url', onOpenUrl)
      app.off('second-instance', onSecond)
      app.off('activate', onActivate)
      app.releaseSingleInstanceLock()
    },
  }
}
