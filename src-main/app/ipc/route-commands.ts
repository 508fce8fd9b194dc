import { ipcMain, type IpcMainInvokeEvent } from 'electron'

import type { Event } from '../../lib/event.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Result } from '../../shared/app/answers.ts'
import { channels } from '../../shared/app/channels.ts'
import type { MountbarApp } from '../ports.ts'
import { isCommandName } from './command-name.ts'

/** The page that may ask, and hears what is published. */
export interface AskingPage {
  isOwn(event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>): boolean
  send(channel: string, payload: unknown): void
  readonly isShown: boolean
  readonly shown: Event<boolean>
}

export interface RouteParts {
  readonly mountbar: Pick<MountbarApp, 'run' | 'published' | 'snapshot'>
  readonly page: AskingPage
  readonly log: Logger
}

/** Answers what our own page asks, and nobody else; sends it what is published while somebody can see it. Ends with the returned handle. */
export function routeCommands({ mountbar, page, log }: RouteParts): Disposable {
  const refuse = (reason: string): Result<never> => {
    log.warn('ipc', 'refused', { reason })
    return { ok: false, error: { code: 'message-invalid', args: { reason } } }
  }
  using routing = new DisposableStack()
  ipcMain.handle(channels.invoke, async (event, name: unknown, input: unknown) => {
    if (!page.isOwn(event)) return refuse('it comes from another page')
    if (!isCommandName(name)) return refuse('there is no such command')
    // `run` parses it.
    return await mountbar.run(name, input as never)
  })
  routing.defer(() => ipcMain.removeHandler(channels.invoke))
  routing.use(
    mountbar.published.on((snapshot) => {
      if (page.isShown) page.send(channels.snapshot, snapshot)
    }),
  )
  routing.use(
    page.shown.on((isShown) => {
      if (isShown) page.send(channels.snapshot, mountbar.snapshot())
    }),
  )
  return routing.move()
}
