import { join } from 'node:path'

import type { SignInMethod, SignInState } from '../../../src-main/core/sign-in-state.ts'
import { systemClock, type Clock } from '../../../src-main/lib/clock.ts'
import { createLogger } from '../../../src-main/lib/logger.ts'
import { createClockSkew } from '../../../src-main/services/credentials/aws/clock-skew.ts'
import type { SsoAccess } from '../../../src-main/services/credentials/ports.ts'
import type { OpenUrl } from '../../../src-main/services/credentials/sso/browser-grant.ts'
import { ssoCacheDirOf } from '../../../src-main/services/credentials/sso/sso-cache.ts'
import {
  createSsoSignIns,
  type InteractiveSignIns,
} from '../../../src-main/services/credentials/sso/sso-sign-ins.ts'
import { makeTempDir } from '../temp-dir.ts'
import { exampleAssignment, startIdentityCenter, type LocalIdentityCenter } from './start-identity-center.ts'

/** What no local service needs, on a busy machine either. */
const limits = { connectLimitMs: 20_000, answerLimitMs: 20_000 }

export interface SignInRig extends AsyncDisposable {
  readonly homeDir: string
  readonly cacheDir: string
  readonly center: LocalIdentityCenter
  readonly access: SsoAccess
  readonly signIns: InteractiveSignIns
  /** Every state of every sign-in, in order. */
  readonly states: readonly SignInState[]
  /** The addresses that a browser was opened with. */
  readonly opened: readonly string[]
  /** All that was logged, on all levels and without redaction. */
  readonly logged: readonly string[]
  /** What stands for the person's browser from now on; without one there is none. */
  browse: OpenUrl | undefined
  signIn(method: SignInMethod, signal?: AbortSignal): Promise<void>
  /** The same installation in another process. */
  another(): InteractiveSignIns
}

export interface SignInRigOptions {
  readonly clock?: Clock
  readonly sessionName?: string | undefined
  readonly answerLimitMs?: number
}

const never = new AbortController().signal

/** Mountbar's sign-ins in a home of their own, against a local Identity Center. */
export async function openSignInRig({
  clock = systemClock,
  answerLimitMs = limits.answerLimitMs,
  ...rest
}: SignInRigOptions = {}): Promise<SignInRig> {
  await using started = new AsyncDisposableStack()
  const { dir: homeDir } = started.use(await makeTempDir('sign-in'))
  const center = started.use(await startIdentityCenter({ now: () => clock.now() }))
  const all = started.move()
  const { startUrl, region } = center
  const sessionName = 'sessionName' in rest ? rest.sessionName : 'corp'
  const { accountId, roleName } = exampleAssignment
  const access: SsoAccess = {
    ...(sessionName !== undefined && { sessionName }),
    startUrl,
    region,
    scopes: [],
    accountId,
    roleName,
  }
  const states: SignInState[] = []
  const opened: string[] = []
  const logged: string[] = []
  const log = createLogger({
    sink: (line) => logged.push(line),
    level: 'debug',
    format: 'text',
    redact: (line) => line,
    clock,
  })
  const cacheDir = ssoCacheDirOf(homeDir)
  const another = (): InteractiveSignIns =>
    createSsoSignIns({
      cacheDir,
      lockDir: join(homeDir, 'locks'),
      settings: {
        endpointOf: (service) =>
          service === 'sso' ? center.portal.url : service === 'sso-oidc' ? center.oidc.url : undefined,
        skew: createClockSkew(clock),
        ...limits,
        answerLimitMs,
      },
      openUrl: (url, signal) => {
        opened.push(url)
        return rig.browse === undefined ? Promise.resolve(false) : rig.browse(url, signal)
      },
      clock,
      log,
    })
  const signIns = another()
  const rig: SignInRig = {
    homeDir,
    cacheDir,
    center,
    access,
    signIns,
    states,
    opened,
    logged,
    browse: undefined,
    signIn: (method, signal = never) =>
      signIns.signIn(access, { method, onState: (state) => states.push(state) }, signal),
    another,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
  return rig
}

/** A person who approves, or does not, with a browser that knows no more than HTML forms and redirects. */
export function plainBrowser(decision: 'allow' | 'deny'): OpenUrl {
  return async (url) => {
    const shown = await fetch(url)
    const page = await shown.text()
    if (!shown.ok) throw new Error(`the page says: ${page}`)
    const fields = [...page.matchAll(/name="(\w+)" value="([^"]*)"/g)]
      .filter(([, name]) => name !== 'decision')
      .map(([, name = '', value = '']): [string, string] => [name, decodeEntities(value)])
    const body = new URLSearchParams([...fields, ['decision', decision]])
    // The person is in no hurry: the program goes on before the browser comes back.
    void fetch(new URL('/authorize/decision', url), { method: 'POST', body }).catch(() => undefined)
    return true
  }
}

function decodeEntities(text: string): string {
  return text.replaceAll(/&#(\d+);/g, (_, number: string) => String.fromCharCode(Number(number)))
}
