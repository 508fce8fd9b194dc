import type { SignInMethod, SignInState } from '../../core/sign-in-state.ts'
import type { Clock } from '../../lib/clock.ts'
import { createEmitter } from '../../lib/event.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Profile } from '../../services/credentials/profiles/preflight.ts'
import type { SignInTarget } from '../../services/credentials/sso/sign-in-target.ts'
import type { InteractiveSignIns } from '../../services/credentials/sso/sso-sign-ins.ts'
import type { ProfileList } from '../../services/credentials/profiles/profiles.ts'
import type { AccountView } from '../../shared/app/snapshot.ts'
import { AppError, isAppError } from '../../shared/errors.ts'
import { accountViewOf } from './session-view.ts'

/** What accounts need of AWS's files and sign-ins. */
export interface AwsAccounts {
  readonly profiles: { readonly defaultName: string; list(): Promise<ProfileList> }
  readonly signIns: Pick<InteractiveSignIns, 'changed' | 'signIn' | 'signOut'>
  findSignIn(profile: string): Promise<SignInTarget>
}

export interface AccountBookDeps {
  /** Loaded with the first use. */
  readonly aws: () => Promise<AwsAccounts>
  readonly clock: Clock
  readonly log: Logger
}

interface UnderWay {
  readonly stop: AbortController
  readonly over: Promise<void>
  readonly served: readonly string[]
  state: SignInState | undefined
}

/** For profiles that somebody writes into the file; sign-ins are told at once. */
const everyMs = 60_000

/** The profiles of this machine, who is signed in, and the sign-ins that are under way. */
export class AccountBook implements Disposable {
  readonly changed = createEmitter<undefined>()
  /** Somebody has signed in or out, in whatever program. */
  readonly signInsChanged = createEmitter<undefined>()
  readonly #deps: AccountBookDeps
  readonly #ended = new DisposableStack()
  readonly #underWay = new Map<string, UnderWay>()
  #profiles: readonly Profile[] = []
  #signable: ReadonlySet<string> = new Set()
  #defaultName: string | undefined
  #timer: Disposable | undefined

  constructor(deps: AccountBookDeps) {
    this.#deps = deps
  }

  /** Reads the files, and follows them from now on. Never rejects. */
  async start(): Promise<void> {
    try {
      const { signIns, profiles } = await this.#deps.aws()
      if (this.#ended.disposed) return
      this.#defaultName = profiles.defaultName
      this.#ended.use(
        signIns.changed.on(() => {
          this.signInsChanged.fire(undefined)
          void this.refresh()
        }),
      )
    } catch (error) {
      this.#deps.log.error('app', 'sign-ins not watched', { error })
    }
    await this.refresh()
  }

  /** The profile that counts where none is named. */
  get defaultName(): string | undefined {
    return this.#defaultName
  }

  views(): readonly AccountView[] {
    const nowMs = this.#deps.clock.now()
    return this.#profiles.map((profile) => {
      const { name } = profile
      const signIn = [...this.#underWay.values()].find(({ served }) => served.includes(name))
      return accountViewOf(profile, this.#signable.has(name), signIn?.state, nowMs)
    })
  }

  /** Reads profiles and sign-ins again. Never rejects. */
  async refresh(): Promise<void> {
    try {
      const aws = await this.#deps.aws()
      const list = await aws.profiles.list()
      const signable = await Promise.all(
        list.profiles.map(async ({ name }) => {
          return await aws.findSignIn(name).then(
            () => [name],
            () => [],
          )
        }),
      )
      this.#profiles = list.profiles
      this.#signable = new Set(signable.flat())
      this.changed.fire(undefined)
    } catch (error) {
      this.#deps.log.warn('app', 'profiles not read', { error })
    }
    this.#timer?.[Symbol.dispose]()
    if (!this.#ended.disposed) {
      this.#timer = this.#deps.clock.setTimeout(() => void this.refresh(), everyMs)
    }
  }

  /**
   * Resolves when somebody has signed in. Another sign-in of the same profile that is under way gives way to this one.
   * @throws AppError `cancelled`, `sign-in-…`, or what is wrong with the profile.
   */
  async signIn(profile: string, method: SignInMethod): Promise<void> {
    await this.cancelSignIn(profile)
    const aws = await this.#deps.aws()
    const { center, servedProfiles } = await aws.findSignIn(profile)
    const stop = new AbortController()
    const over = Promise.withResolvers<undefined>()
    const entry: UnderWay = {
      stop,
      over: over.promise,
      served: servedProfiles,
      state: { kind: 'registering', method, freshClient: false },
    }
    this.#underWay.set(profile, entry)
    this.changed.fire(undefined)
    const onState = (state: SignInState): void => {
      entry.state = state
      this.changed.fire(undefined)
    }
    try {
      await aws.signIns.signIn(center, { method, onState }, stop.signal)
    } catch (error) {
      throw stop.signal.aborted && !isAppError(error, 'cancelled')
        ? new AppError('cancelled', {}, { cause: error })
        : error
    } finally {
      if (this.#underWay.get(profile) === entry) this.#underWay.delete(profile)
      over.resolve(undefined)
      await this.refresh()
    }
  }

  /** Resolves when it is over; at once where none is under way. */
  async cancelSignIn(profile: string): Promise<void> {
    const entries = [...this.#underWay.values()].filter(({ served }) => served.includes(profile))
    entries.forEach(({ stop }) => stop.abort())
    await Promise.all(entries.map(({ over }) => over))
  }

  async signOut(profile: string, signal: AbortSignal): Promise<void> {
    const aws = await this.#deps.aws()
    const { center } = await aws.findSignIn(profile)
    await aws.signIns.signOut(center, signal)
    await this.refresh()
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]()
    this.#underWay.forEach(({ stop }) => stop.abort())
    this.#ended[Symbol.dispose]()
  }
}
