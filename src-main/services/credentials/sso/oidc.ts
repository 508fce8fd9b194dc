import type { CreateTokenCommandInput } from '@aws-sdk/client-sso-oidc'

import type { DeviceCode } from '../../../core/sign-in-state.ts'
import type { Clock } from '../../../lib/clock.ts'
import { clientSettings, hostOf, type AwsSettings } from '../aws/client-settings.ts'
import { noteDates, noteDatesStep } from '../aws/clock-skew.ts'
import type { ErrorCode } from '../../../shared/errors.ts'
import type { ClientRegistration } from './cached-records.ts'
import { scopesOf, type IdentityCenter } from './identity-center.ts'
import { registeredRedirectUri } from './loopback.ts'
import { oidcRefused } from './oidc-refused.ts'

type Client = Pick<ClientRegistration, 'clientId' | 'clientSecret'>

/** What a grant is exchanged for. */
export interface IssuedToken {
  readonly accessToken: string
  readonly expiresAtMs: number
  readonly refreshToken?: string
}

/** A way to prove that somebody has approved. */
export type Grant =
  | {
      readonly kind: 'code'
      readonly code: string
      readonly verifier: string
      readonly redirectUri: string
    }
  | { readonly kind: 'device'; readonly deviceCode: string }
  | { readonly kind: 'refresh'; readonly refreshToken: string }

export interface BrowserRequest {
  readonly clientId: string
  readonly redirectUri: string
  readonly state: string
  readonly challenge: string
}

/** AWS's sign-in service for one Identity Center. Calls reject with `OidcRefused`, or with the reason of `signal`. */
export interface Oidc extends Disposable {
  register(forBrowser: boolean, signal: AbortSignal): Promise<ClientRegistration>
  /** The page where a person approves. Nothing in it is secret but for what `state` is to a page that would forge a callback. */
  authorizeUrl(request: BrowserRequest): string
  startDevice(client: Client, signal: AbortSignal): Promise<DeviceCode & { readonly deviceCode: string }>
  createToken(client: Client, grant: Grant, signal: AbortSignal): Promise<IssuedToken>
}

const clientName = 'mountbar'
/** RFC 8628, 3.2: what holds when the service does not say. */
const usualIntervalSeconds = 5

const grantEndings: Readonly<Record<Grant['kind'], ErrorCode>> = {
  code: 'sign-in-timeout',
  device: 'sign-in-timeout',
  refresh: 'sign-in-expired',
}

/** Loads AWS's client, which other commands can do without. */
export async function createOidc(center: IdentityCenter, settings: AwsSettings, clock: Clock): Promise<Oidc> {
  const sdk = await import('@aws-sdk/client-sso-oidc')
  const { region, startUrl } = center
  const shared = { ...clientSettings('sso-oidc', settings), region }
  const client = new sdk.SSOOIDCClient(shared)
  // Whether and when to ask again for a device is the flow's own business.
  const impatient = new sdk.SSOOIDCClient({ ...shared, maxAttempts: 1 })
  for (const one of [client, impatient]) one.middlewareStack.add(noteDates(settings.skew), noteDatesStep)
  const host = hostOf('sso-oidc', region, settings)

  const attempt = async <T>(
    action: string,
    signal: AbortSignal,
    work: () => Promise<T>,
    whenGrantEnded: ErrorCode = 'sign-in-refused',
  ): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      throw oidcRefused(error, { action: `sso-oauth:${action}`, host, whenGrantEnded }, settings.skew)
    }
  }

  return {
    register: (forBrowser, signal) =>
      attempt('RegisterClient', signal, async () => {
        const scopes = scopesOf(center)
        const command = new sdk.RegisterClientCommand({
          clientName,
          clientType: 'public',
          ...(scopes.length > 0 && { scopes: [...scopes] }),
          ...(forBrowser && {
            grantTypes: ['authorization_code', 'refresh_token'],
            redirectUris: [registeredRedirectUri],
            issuerUrl: startUrl,
          }),
        })
        const answer = await client.send(command, { abortSignal: signal })
        return {
          clientId: present(answer.clientId),
          clientSecret: present(answer.clientSecret),
          expiresAtMs: present(answer.clientSecretExpiresAt) * 1000,
          forBrowser,
        }
      }),
    authorizeUrl: ({ clientId, redirectUri, state, challenge }) => {
      const base =
        settings.endpointOf('sso-oidc') ??
        client.config.endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false }).url
      const url = new URL('/authorize', base)
      url.search = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        state,
        code_challenge_method: 'S256',
        // Not `scope`, as OAuth has it: AWS's own command sends it so.
        scopes: scopesOf(center).join(' '),
        code_challenge: challenge,
      }).toString()
      return url.href
    },
    startDevice: ({ clientId, clientSecret }, signal) =>
      attempt('StartDeviceAuthorization', signal, async () => {
        const command = new sdk.StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl })
        const answer = await client.send(command, { abortSignal: signal })
        const verificationUrl = present(answer.verificationUri)
        return {
          deviceCode: present(answer.deviceCode),
          userCode: present(answer.userCode),
          verificationUrl,
          completeUrl: answer.verificationUriComplete ?? verificationUrl,
          intervalMs: (answer.interval ?? usualIntervalSeconds) * 1000,
          validForMs: present(answer.expiresIn) * 1000,
        }
      }),
    createToken: ({ clientId, clientSecret }, grant, signal) =>
      attempt(
        'CreateToken',
        signal,
        async () => {
          const command = new sdk.CreateTokenCommand({ clientId, clientSecret, ...grantInput(grant) })
          const asker = grant.kind === 'device' ? impatient : client
          const { accessToken, expiresIn, refreshToken } = await asker.send(command, { abortSignal: signal })
          return {
            accessToken: present(accessToken),
            // By this machine's clock, whatever that says: it is the one that will be asked.
            expiresAtMs: clock.now() + present(expiresIn) * 1000,
            ...(refreshToken !== undefined && { refreshToken }),
          }
        },
        grantEndings[grant.kind],
      ),
    [Symbol.dispose]: () => {
      client.destroy()
      impatient.destroy()
    },
  }
}

function grantInput(grant: Grant): Omit<CreateTokenCommandInput, 'clientId' | 'clientSecret'> {
  switch (grant.kind) {
    case 'code':
      return {
        grantType: 'authorization_code',
        code: grant.code,
        codeVerifier: grant.verifier,
        redirectUri: grant.redirectUri,
      }
    case 'device':
      return { grantType: 'urn:ietf:params:oauth:grant-type:device_code', deviceCode: grant.deviceCode }
    case 'refresh':
      return { grantType: 'refresh_token', refreshToken: grant.refreshToken }
  }
}

/** The SDK's types let everything be absent; the service's own description does not. */
function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the answer lacks a part')
  return value
}
