import { app } from 'electron'

import { actionOfLink, parseAppLink } from '../../core/app-link.ts'
import { trayMenuOf, trayStateOf, trayTooltipOf } from '../../core/tray-model.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Snapshot } from '../../shared/app/snapshot.ts'
import type { MountbarApp } from '../ports.ts'
import { createActions } from './actions.ts'
import { createAppNap } from './app-nap.ts'
import type { Dialogs } from './dialogs.ts'
import type { LoginItem } from './login-item.ts'
import { createNotifier } from './notifier.ts'
import type { Popover } from './popover.ts'
import { watchAwakenings } from './power-events.ts'
import { superviseQuitting } from './quit.ts'
import type { Instance } from './single-instance.ts'
import type { TrayIcon } from './tray.ts'
import { buildTrayMenu } from './tray-menu.ts'

export interface ConnectionParts {
  readonly mountbar: MountbarApp
  readonly instance: Instance
  readonly tray: TrayIcon
  readonly popover: Popover
  readonly dialogs: Dialogs
  readonly loginItem: LoginItem
  readonly clock: Clock
  readonly logger: Logger
}

export interface Connection extends Disposable {
  openMenu(): void
  quit(end?: () => void): void
}

/** Joins what is on the screen to the app behind it, in both directions. */
export function connectApp(parts: ConnectionParts): Connection {
  const { mountbar, instance, tray, popover, dialogs, loginItem, clock, logger } = parts
  using connecting = new DisposableStack()
  const perform = createActions({
    app: mountbar,
    showView: (view) => popover.showView(view),
    tell: (error) => dialogs.tell(error),
  })
  const appNap = connecting.use(createAppNap())
  const quitting = connecting.use(
    superviseQuitting({
      app: mountbar,
      dialogs,
      logger,
      end: () => {
        popover.letClose()
        app.quit()
      },
    }),
  )
  const reflect = (snapshot: Snapshot): void => {
    tray.show(trayStateOf(snapshot), trayTooltipOf(snapshot))
    appNap.allow(snapshot.drives.every(({ state }) => state.kind === 'unmounted' || state.kind === 'failed'))
  }
  connecting.use(mountbar.published.on(reflect))
  connecting.use(
    createNotifier({ app: mountbar, clock, logger, isLooking: () => popover.page.isShown, perform }),
  )
  connecting.use(watchAwakenings(clock, (reason) => mountbar.awake(reason)))
  connecting.use(instance.startedAgain.on(() => popover.show()))
  const follow = (text: string): void => {
    const link = parseAppLink(text)
    const action = link === undefined ? undefined : actionOfLink(link, mountbar.snapshot().drives)
    if (action === undefined) logger.warn('links', 'not followed', { length: text.length })
    else perform(action)
  }

  const first = mountbar.snapshot()
  reflect(first)
  popover.load()
  for (const link of instance.listenToLinks(follow)) follow(link)
  // A newcomer who has just opened the app would see nothing happen.
  if (first.drives.length === 0 && !loginItem.wasOpenedAtLogin()) popover.show()

  const connected = connecting.move()
  return {
    openMenu: () => tray.openMenu(buildTrayMenu(trayMenuOf(mountbar.snapshot()), perform)),
    quit: (end) => quitting.request(end),
    [Symbol.dispose]: () => connected.dispose(),
  }
}
