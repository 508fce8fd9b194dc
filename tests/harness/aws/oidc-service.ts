import { randomInt } from 'node:crypto'

import { z } from 'zod'

import { authorize, decideAuthorization, decideDevice, showDevice } from './approval.ts'
import type { ServiceFaults } from './faults.ts'
import { challengeOf, type IdentityCenterState, type RegisteredClient } from './identity-center-state.ts'
import { oidcError } from './oidc-errors.ts'
import { json } from './replies.ts'
import type { AwsReply, AwsRequest } from './service.ts'

export type OidcOperation = 'RegisterClient' | 'StartDeviceAuthorization' | 'CreateToken'

/** One call of the API, as it came; `atMs` by the service's clock. */
export interface OidcCallSeen {
  readonly operation: OidcOperation
  readonly grantType?: string | undefined
  readonly atMs: number
}

const registerSchema = z.object({
  clientName: z.string(),
  clientType: z.literal('public'),
  scopes: z.array(z.string()).default([]),
  grantTypes: z.array(z.string()).default(['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token']),
  redirectUris: z.array(z.string()).default([]),
  issuerUrl: z.string().optional(),
})
const deviceSchema = z.object({ clientId: z.string(), clientSecret: z.string(), startUrl: z.string() })
const tokenSchema = z.object({
  clientId: z.string(),
  clientSecret: z.string(),
  grantType: z.string(),
  code: z.string().optional(),
  codeVerifier: z.string().optional(),
  redirectUri: z.string().optional(),
  deviceCode: z.string().optional(),
  refreshToken: z.string().optional(),
})

const operations: Readonly<Record<string, OidcOperation>> = {
  'POST /client/register': 'RegisterClient',
  'POST /device_authorization': 'StartDeviceAuthorization',
  'POST /token': 'CreateToken',
}

export interface OidcServiceParts {
  readonly state: IdentityCenterState
  readonly startUrl: string
  readonly faults: ServiceFaults<OidcOperation>
  readonly calls: OidcCallSeen[]
}

/** IAM Identity Center's OIDC service with its pages, as strict as AWS's is known to be. */
export async function answerOidc(request: AwsRequest, parts: OidcServiceParts): Promise<AwsReply> {
  const { state, faults, calls } = parts
  const place = `${request.method} ${request.url.pathname}`
  const operation = operations[place]
  if (operation === undefined) return answerPage(place, request, state)
  const input: unknown = JSON.parse(request.body)
  const { grantType } = z.object({ grantType: z.string().optional() }).parse(input)
  calls.push({ operation, grantType, atMs: state.now() })
  return await faults.instead(operation, () => {
    switch (operation) {
      case 'RegisterClient':
        return register(input, parts)
      case 'StartDeviceAuthorization':
        return startDevice(input, request.url.origin, parts)
      case 'CreateToken':
        return createToken(input, state)
    }
  })
}

function answerPage(place: string, request: AwsRequest, state: IdentityCenterState): AwsReply {
  switch (place) {
    case 'GET /authorize':
      return authorize(request.url.searchParams, state)
    case 'POST /authorize/decision':
      return decideAuthorization(new URLSearchParams(request.body), state)
    case 'GET /device':
      return showDevice(request.url.searchParams)
    case 'POST /device/decision':
      return decideDevice(new URLSearchParams(request.body), state)
    default:
      return { status: 404 }
  }
}

function register(input: unknown, { state, startUrl }: OidcServiceParts): AwsReply {
  const parsed = registerSchema.safeParse(input)
  if (!parsed.success) return oidcError('InvalidRequestException')
  const { scopes, grantTypes, redirectUris, issuerUrl } = parsed.data
  if (grantTypes.includes('authorization_code')) {
    if (issuerUrl !== startUrl) return oidcError('InvalidRequestException', 'Invalid issuer url provided')
    if (redirectUris.length === 0 || redirectUris.some((uri) => !uri.startsWith('http://127.0.0.1/'))) {
      return oidcError('InvalidRedirectUriException')
    }
  }
  const client = state.newClient({ scopes, grantTypes, redirectUris })
  return json(200, {
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    clientIdIssuedAt: Math.floor(state.now() / 1000),
    clientSecretExpiresAt: Math.floor(client.expiresAtMs / 1000),
  })
}

function startDevice(input: unknown, ownUrl: string, { state, startUrl }: OidcServiceParts): AwsReply {
  const parsed = deviceSchema.safeParse(input)
  if (!parsed.success) return oidcError('InvalidRequestException')
  const client = clientOf(parsed.data, state)
  if (client === undefined) return oidcError('InvalidClientException')
  if (parsed.data.startUrl !== startUrl) {
    return oidcError('InvalidRequestException', 'Invalid start url provided')
  }
  const { deviceLifeMs, intervalSeconds } = state.times
  const letters = Array.from({ length: 8 }, () => String.fromCharCode(65 + randomInt(26))).join('')
  const userCode = `${letters.slice(0, 4)}-${letters.slice(4)}`
  const deviceCode = state.newSecret('device')
  state.devices.set(deviceCode, {
    deviceCode,
    userCode,
    clientId: client.clientId,
    expiresAtMs: state.now() + deviceLifeMs,
    decision: 'pending',
    intervalMs: intervalSeconds * 1000,
    lastPollMs: undefined,
  })
  return json(200, {
    deviceCode,
    userCode,
    verificationUri: `${ownUrl}/device`,
    verificationUriComplete: `${ownUrl}/device?user_code=${userCode}`,
    expiresIn: deviceLifeMs / 1000,
    interval: intervalSeconds,
  })
}

function createToken(input: unknown, state: IdentityCenterState): AwsReply {
  const parsed = tokenSchema.safeParse(input)
  if (!parsed.success) return oidcError('InvalidRequestException')
  const given = parsed.data
  const client = clientOf(given, state)
  if (client === undefined) return oidcError('InvalidClientException')
  if (!client.grantTypes.includes(given.grantType)) return oidcError('UnauthorizedClientException')
  switch (given.grantType) {
    case 'authorization_code':
      return byCode(given, client, state)
    case 'urn:ietf:params:oauth:grant-type:device_code':
      return byDevice(given.deviceCode ?? '', client, state)
    case 'refresh_token': {
      const signIn = state.takeRefreshToken(given.refreshToken ?? '', client.clientId)
      if (signIn === undefined) return oidcError('InvalidGrantException')
      return tokens(state.newTokens(client.clientId, signIn))
    }
    default:
      return oidcError('UnsupportedGrantTypeException')
  }
}

function byCode(
  { code = '', codeVerifier = '', redirectUri }: z.output<typeof tokenSchema>,
  { clientId }: RegisteredClient,
  state: IdentityCenterState,
): AwsReply {
  const issued = state.codes.get(code)
  state.codes.delete(code)
  if (issued === undefined || issued.clientId !== clientId) return oidcError('InvalidGrantException')
  if (issued.redirectUri !== redirectUri) return oidcError('InvalidGrantException')
  if (challengeOf(codeVerifier) !== issued.challenge) return oidcError('InvalidGrantException')
  if (state.now() >= issued.expiresAtMs) return oidcError('ExpiredTokenException')
  return tokens(state.newTokens(clientId))
}

function byDevice(deviceCode: string, { clientId }: RegisteredClient, state: IdentityCenterState): AwsReply {
  const device = state.devices.get(deviceCode)
  if (device === undefined || device.clientId !== clientId) return oidcError('InvalidGrantException')
  const nowMs = state.now()
  if (nowMs >= device.expiresAtMs) return oidcError('ExpiredTokenException')
  const isTooSoon = device.lastPollMs !== undefined && nowMs - device.lastPollMs < device.intervalMs
  device.lastPollMs = nowMs
  if (isTooSoon) {
    device.intervalMs += 5_000
    return oidcError('SlowDownException')
  }
  if (device.decision === 'denied') return oidcError('AccessDeniedException')
  if (device.decision === 'pending') return oidcError('AuthorizationPendingException')
  state.devices.delete(deviceCode)
  return tokens(state.newTokens(clientId))
}

function clientOf(
  given: { readonly clientId: string; readonly clientSecret: string },
  state: IdentityCenterState,
): RegisteredClient | undefined {
  const client = state.clients.get(given.clientId)
  const isGood = client?.clientSecret === given.clientSecret && state.now() < client.expiresAtMs
  return isGood ? client : undefined
}

function tokens(issued: ReturnType<IdentityCenterState['newTokens']>): AwsReply {
  return json(200, { tokenType: 'Bearer', ...issued })
}
