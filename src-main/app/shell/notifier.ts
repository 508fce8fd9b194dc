import { Notification } from 'electron'

import type { AppAction } from '../../core/app-action.ts'
import type { Happening } from '../../core/happening.ts'
import { planNotices, type Notice } from '../../core/notices.ts'
import type { Clock, Timer } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { MountbarApp } from '../ports.ts'

export interface NotifierParts {
  readonly app: Pick<MountbarApp, 'happened' | 'snapshot'>
  readonly clock: Clock
  readonly logger: Logger
  readonly isLooking: () => boolean
  readonly perform: (action: AppAction) => void
}

/** What comes within it is told together: a lost network loses all drives at once. */
const gatherMs = 1_500
/** Keys and notifications that are remembered; beyond it the oldest are forgotten. */
const mostRemembered = 200

/** Turns what happens into notifications of the system. */
export function createNotifier({ app, clock, logger, isLooking, perform }: NotifierParts): Disposable {
  const shownAtMs = new Map<string, number>()
  const onScreen = new Map<string, Notification>()
  const lossOf = new Map<string, string>()
  let gathered: Happening[] = []
  let timer: Timer | undefined

  const showAll = (): void => {
    timer = undefined
    const happenings = gathered
    gathered = []
    const { settings, drives } = app.snapshot()
    const notices = planNotices(happenings, {
      isSwitchedOn: (kind) => settings.notifications[kind],
      isLooking: isLooking(),
      shownAtMs,
      nowMs: clock.now(),
      driveName: (driveId) => drives.find(({ id }) => id === driveId)?.name,
    })
    for (const notice of notices) show(notice)
  }

  const show = (notice: Notice): void => {
    for (const key of notice.keys) remember(shownAtMs, key, clock.now())
    for (const driveId of notice.driveIdsBack) closeLoss(driveId)
    if (!Notification.isSupported()) return
    const { key, title, body, action } = notice
    const notification = new Notification({
      title,
      body,
      actions: [{ type: 'button', text: action.label }],
    })
    // Another one may have taken its key meanwhile: the system tells of a closed one late.
    const gone = (): void => {
      if (onScreen.get(key) === notification) onScreen.delete(key)
    }
    const act = (): void => {
      gone()
      perform(action.does)
    }
    notification.on('click', act)
    notification.on('action', act)
    notification.on('close', gone)
    notification.on('failed', (_event, error) => logger.warn('notifier', 'not shown', { error, key }))
    onScreen.get(key)?.close()
    // Held here, because one that is collected as garbage hears no click.
    remember(onScreen, key, notification)
    for (const driveId of notice.driveIdsLost) remember(lossOf, driveId, key)
    notification.show()
  }

  const closeLoss = (driveId: string): void => {
    const key = lossOf.get(driveId)
    if (key === undefined) return
    lossOf.delete(driveId)
    onScreen.get(key)?.close()
  }

  const hearing = app.happened.on((happening) => {
    gathered.push(happening)
    timer ??= clock.setTimeout(showAll, gatherMs)
  })
  return {
    [Symbol.dispose]: () => {
      hearing[Symbol.dispose]()
      timer?.[Symbol.dispose]()
      for (const notification of [...onScreen.values()]) notification.close()
    },
  }
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > mostRemembered && oldest !== undefined) map.delete(oldest)
}
