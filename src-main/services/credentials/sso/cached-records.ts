import { z } from 'zod'

/** What this program is to AWS's sign-in. AWS calls the second part a secret; it ends after some months. */
export interface ClientRegistration {
  readonly clientId: string
  readonly clientSecret: string
  readonly expiresAtMs: number
  /** Registered for the authorization code; such a client cannot be used for device codes, nor the other way round. */
  readonly forBrowser: boolean
}

/** A sign-in. `refreshToken` and `client` are there together, or it ends with its access token. */
export interface SsoToken {
  readonly startUrl: string
  readonly region: string
  readonly accessToken: string
  readonly expiresAtMs: number
  readonly refreshToken?: string
  readonly client?: Omit<ClientRegistration, 'forBrowser'>
}

/** Old versions of the AWS CLI wrote `2020-06-17T10:02:08UTC`. */
const moment = z.string().transform((text, context) => {
  const ms = Date.parse(text.replace(/UTC$/, 'Z'))
  if (!Number.isNaN(ms)) return ms
  context.addIssue('not a time')
  return z.NEVER
})

const registrationSchema = z.object({
  clientId: z.string(),
  clientSecret: z.string(),
  expiresAt: moment,
  grantTypes: z.array(z.string()).default([]),
})

const tokenSchema = z.object({
  // Written by every program, needed by none.
  startUrl: z.string().default(''),
  region: z.string().default(''),
  accessToken: z.string(),
  expiresAt: moment,
  refreshToken: z.string().optional(),
  clientId: z.string().optional(),
  clientSecret: z.string().optional(),
  registrationExpiresAt: moment.optional(),
})

const browserGrants = ['authorization_code', 'refresh_token'] as const

/** `undefined` for what is none, as if the file were not there. */
export function parseRegistration(json: string): ClientRegistration | undefined {
  const parsed = registrationSchema.safeParse(parseJson(json))
  if (!parsed.success) return undefined
  const { clientId, clientSecret, expiresAt, grantTypes } = parsed.data
  return {
    clientId,
    clientSecret,
    expiresAtMs: expiresAt,
    forBrowser: grantTypes.includes(browserGrants[0]),
  }
}

export function formatRegistration(registration: ClientRegistration, scopes: readonly string[]): string {
  return JSON.stringify({
    clientId: registration.clientId,
    clientSecret: registration.clientSecret,
    expiresAt: formatMoment(registration.expiresAtMs),
    ...(scopes.length > 0 && { scopes }),
    ...(registration.forBrowser && { grantTypes: browserGrants }),
  })
}

/** `undefined` for what is none, as if the file were not there. */
export function parseToken(json: string): SsoToken | undefined {
  const parsed = tokenSchema.safeParse(parseJson(json))
  if (!parsed.success) return undefined
  const { startUrl, region, accessToken, expiresAt, refreshToken } = parsed.data
  const { clientId, clientSecret, registrationExpiresAt } = parsed.data
  const token = { startUrl, region, accessToken, expiresAtMs: expiresAt }
  if (refreshToken === undefined || clientId === undefined) return token
  if (clientSecret === undefined || registrationExpiresAt === undefined) return token
  return { ...token, refreshToken, client: { clientId, clientSecret, expiresAtMs: registrationExpiresAt } }
}

export function formatToken({ expiresAtMs, client, ...rest }: SsoToken): string {
  const { startUrl, region, accessToken, refreshToken } = rest
  return JSON.stringify({
    startUrl,
    region,
    accessToken,
    expiresAt: formatMoment(expiresAtMs),
    ...(client !== undefined && {
      clientId: client.clientId,
      clientSecret: client.clientSecret,
      registrationExpiresAt: formatMoment(client.expiresAtMs),
    }),
    ...(refreshToken !== undefined && { refreshToken }),
  })
}

/** To the second, rounded down: the AWS CLI reads nothing finer. */
function formatMoment(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // The parser's message quotes what it read, which may be half a token.
    return undefined
  }
}
