import type { Notification as ElectronNotification, NotificationConstructorOptions } from 'electron'

import type { NotificationView } from '../protocol.ts'
import { host } from './host.ts'
import { StandInEvent, StrictEmitter, type Emitting } from './strict.ts'

type Implemented = Emitting | 'show' | 'close' | 'title' | 'subtitle' | 'body' | 'silent' | 'actions'

const all: Notification[] = []

/** Shown ones stay until they are clicked or closed, by the app or by the person. */
export class Notification extends StrictEmitter implements Pick<ElectronNotification, Implemented> {
  readonly key = all.push(this)
  title: string
  subtitle: string
  body: string
  silent: boolean
  actions: NonNullable<NotificationConstructorOptions['actions']>
  #isShown = false

  constructor(options: NotificationConstructorOptions = {}) {
    super(['show', 'click', 'close', 'reply', 'action', 'failed'])
    this.title = options.title ?? ''
    this.subtitle = options.subtitle ?? ''
    this.body = options.body ?? ''
    this.silent = options.silent ?? false
    this.actions = options.actions ?? []
  }
  static isSupported(): boolean {
    return true
  }
  get isShown(): boolean {
    return this.#isShown
  }
  show(): void {
    this.#isShown = true
    host.did({ what: 'show-notification', notification: this.view() })
    showAll()
    this.emit('show', new StandInEvent())
  }
  close(): void {
    if (!this.#isShown) return
    this.#isShown = false
    host.did({ what: 'close-notification', key: this.key })
    showAll()
    this.emit('close', new StandInEvent())
  }
  /** What a person does with it takes it off the screen. */
  take(event: 'click' | 'close' | 'action', ...args: readonly number[]): void {
    if (!this.#isShown) throw new Error(`the notification "${this.title}" is not shown`)
    this.#isShown = false
    showAll()
    const details = Object.assign(new StandInEvent(), { actionIndex: args[0], selectionIndex: -1 })
    this.emit(event, details, ...args)
  }
  view(): NotificationView {
    const { key, title, subtitle, body, silent, actions } = this
    return { key, title, subtitle, body, isSilent: silent, actions: actions.map(({ text }) => text ?? '') }
  }
}

function showAll(): void {
  host.show({
    notifications: all.filter(({ isShown }) => isShown).map((notification) => notification.view()),
  })
}

export function answerForNotifications(): void {
  const named = (key: number): Notification => all.find((notification) => notification.key === key)!
  host.answer('notification.click', ({ key }) => named(key).take('click'))
  host.answer('notification.close', ({ key }) => named(key).take('close'))
  host.answer('notification.action', ({ key, index }) => named(key).take('action', index))
}
