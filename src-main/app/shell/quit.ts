import { app as electronApp, powerMonitor, type Event as ElectronEvent } from 'electron'

import { nextQuit, type QuitEffect, type QuitEvent, type QuitState } from '../../core/quit-plan.ts'
import { busyQuestion, pendingQuestion, waitingQuestion, type Question } from '../../core/quit-texts.ts'
import type { Logger } from '../../lib/logger.ts'
import type { MountbarApp } from '../ports.ts'
import type { Dialogs } from './dialogs.ts'

export interface QuitParts {
  readonly app: Pick<MountbarApp, 'unfinished' | 'stop'>
  readonly dialogs: Pick<Dialogs, 'ask'>
  readonly logger: Logger
  /** Everything has ended: lets the windows go and quits. */
  readonly end: () => void
}

export interface Quitting extends Disposable {
  /** @param end what is done last in place of the usual, unless a person cancels it. */
  request(end?: () => void): void
}

/** Takes over every way in which the app may be asked to end, and lets it end when `core/quit-plan.ts` says so. */
export function superviseQuitting({ app, dialogs, logger, end: quit }: QuitParts): Quitting {
  let state: QuitState = { kind: 'running' }
  let end = quit
  let stop: AbortController | undefined
  let question: AbortController | undefined

  const happen = (event: QuitEvent): void => {
    const step = nextQuit(state, event)
    if (step.state !== state) {
      logger.info('quit', step.state.kind, { event: event.kind })
      question?.abort()
      question = undefined
    }
    state = step.state
    if (state.kind === 'running') end = quit
    act(step.effect)
  }

  const act = (effect: QuitEffect): void => {
    switch (effect.kind) {
      case 'none':
        return
      case 'ask-pending':
        ask(pendingQuestion(effect.pendingUploads))
        return
      case 'ask-waiting':
        ask(waitingQuestion(effect.pendingUploads))
        return
      case 'ask-busy':
        ask(busyQuestion(effect.drives))
        return
      case 'stop':
        return void stopApp(effect)
      case 'stay':
        stop?.abort()
        stop = undefined
        return
      case 'end':
        end()
        return
    }
  }

  const ask = (asked: Question): void => {
    const closing = new AbortController()
    question = closing
    dialogs.ask(asked, closing.signal).then(
      (answer) => {
        if (!closing.signal.aborted) happen({ kind: 'answered', answer })
      },
      (error: unknown) => {
        logger.error('quit', 'not asked', { error })
        if (!closing.signal.aborted) happen({ kind: 'answered', answer: 'cancel' })
      },
    )
  }

  const stopApp = async ({ wait, force, limitMs }: QuitEffect & { readonly kind: 'stop' }): Promise<void> => {
    stop?.abort()
    const own = new AbortController()
    stop = own
    const { stillMounted } = await app
      .stop({ wait, force, limitMs, signal: own.signal })
      .catch((error: unknown) => {
        logger.error('quit', 'not stopped in order', { error })
        return { stillMounted: [] }
      })
    if (!own.signal.aborted) happen({ kind: 'stopped', stillMounted })
  }

  const request = (instead?: () => void): void => {
    end = instead ?? end
    happen({ kind: 'requested', pendingUploads: app.unfinished().pendingUploads })
  }
  const onBeforeQuit = (event: ElectronEvent): void => {
    if (state.kind === 'ended') return
    event.preventDefault()
    request()
  }
  // The system waits a little for an app that asks it to, and then goes on without it.
  const onShutdown = (event: ElectronEvent): void => {
    if (state.kind === 'ended') return
    event.preventDefault()
    happen({ kind: 'system-ends' })
  }
  // The types know of no argument here; the documentation does.
  const power: NodeJS.EventEmitter = powerMonitor
  electronApp.on('before-quit', onBeforeQuit)
  power.on('shutdown', onShutdown)
  return {
    request,
    [Symbol.dispose]: () => {
      electronApp.off('before-quit', onBeforeQuit)
      power.off('shutdown', onShutdown)
      question?.abort()
      stop?.abort()
    },
  }
}
