import type { NoticeMinutes, SessionState } from '../../../core/session-state.ts'
import type { Clock } from '../../../lib/clock.ts'
import { createEmitter, type Event } from '../../../lib/event.ts'
import type { Logger } from '../../../lib/logger.ts'
import { watchForWakes } from '../../../lib/wake-watch.ts'
import type { AppError } from '../../../shared/errors.ts'
import type { SsoSignIns } from '../ports.ts'
import type { ObtainSession } from './obtain-session.ts'
import { ProfileSession, type SessionWish } from './profile-session.ts'
import type { Session } from './session.ts'

export interface SessionsOptions {
  readonly obtain: ObtainSession
  readonly signIns: Pick<SsoSignIns, 'changed'>
  readonly clock: Clock
  readonly log: Logger
  /** 0 to 1, as `Math.random`. */
  readonly random: () => number
}

export interface SessionStateChange {
  readonly profile: string
  readonly state: SessionState
}

/** A kept session will end without a person. Given once for each number of minutes, and not again for a session that was renewed. */
export interface SessionNotice {
  readonly profile: string
  readonly minutes: NoticeMinutes
  readonly expiresAtMs: number
}

/** The sessions of this process, one per profile. Disposing ends the renewals, and forgets every secret. */
export interface Sessions extends Disposable {
  /**
   * Credentials that are good now: held ones, or new ones where that is due. Requests at the same time share one renewal.
   * @throws AppError what stands in the way, or the signal's reason.
   */
  sessionFor(profile: string, signal: AbortSignal, wish?: SessionWish): Promise<Session>
  stateOf(profile: string): SessionState
  /** True while credentials are being fetched, or a person is asked. */
  isRenewing(profile: string): boolean
  /** Renews in the background until the handle is disposed: as long as a drive needs it. */
  keep(profile: string): Disposable
  /** AWS refused credentials that should have been good: others are fetched at once. */
  refused(session: Session, error: AppError): void
  /** Forgets the session of a profile whose person signed out. */
  forget(profile: string): void
  readonly stateChanged: Event<SessionStateChange>
  readonly noticed: Event<SessionNotice>
  /** Credentials that differ from those before them. */
  readonly obtained: Event<Session>
}

export function createSessions(options: SessionsOptions): Sessions {
  const sessions = new Map<string, ProfileSession>()
  const stateChanged = createEmitter<SessionStateChange>()
  const noticed = createEmitter<SessionNotice>()
  const obtained = createEmitter<Session>()

  const of = (profile: string): ProfileSession => {
    const known = sessions.get(profile)
    if (known !== undefined) return known
    const session = new ProfileSession({
      ...options,
      profile,
      onState: (state) => stateChanged.fire({ profile, state }),
      onNotice: (minutes, expiresAtMs) => noticed.fire({ profile, minutes, expiresAtMs }),
      onObtained: (one) => obtained.fire(one),
    })
    sessions.set(profile, session)
    return session
  }
  const hurryAll = (): void => sessions.forEach((session) => session.hurry())
  const wakes = watchForWakes(options.clock, hurryAll)
  const signIns = options.signIns.changed.on(hurryAll)
  return {
    sessionFor: (profile, signal, wish = {}) => of(profile).get(signal, wish),
    stateOf: (profile) => of(profile).state,
    isRenewing: (profile) => of(profile).isRenewing,
    keep: (profile) => of(profile).keep(),
    refused: (session, error) => of(session.profile).refused(session, error),
    forget: (profile) => of(profile).signedOut(),
    stateChanged,
    noticed,
    obtained,
    [Symbol.dispose]: () => {
      wakes[Symbol.dispose]()
      signIns[Symbol.dispose]()
      sessions.forEach((session) => session[Symbol.dispose]())
    },
  }
}
