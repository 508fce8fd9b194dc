import { createHash, createHmac } from 'node:crypto'

/** Whose right to connect is asked for, and to what. The secret goes no further than the signature. */
export interface ConnectRequest {
  readonly fileSystemId: string
  readonly region: string
  /** Lower-case hex SHA-1 of the key's public bits: the signature is worth nothing without the private key. */
  readonly publicKeyHash: string
  /** Milliseconds since 1970; seconds are what is signed. */
  readonly nowMs: number
  readonly accessKeyId: string
  readonly sessionToken?: string | undefined
}

const algorithm = 'AWS4-HMAC-SHA256'
const service = 's3files'
const lastScopePart = 'aws4_request'
/** Said in the request; it is the server that counts. */
const lifetimeSeconds = 86_400

/**
 * The signature that makes a client certificate an AWS identity: SigV4 over a presigned GET that is never sent, as efs-utils makes it.
 * Own code because no library signs this text: AWS left out the blank line between headers and signed headers.
 * @returns 64 lower-case hex characters.
 */
export function signConnect(request: ConnectRequest, secretAccessKey: string): string {
  const day = amzDate(request.nowMs).slice(0, 8)
  const scopeParts = [day, request.region, service, lastScopePart]
  const signingKey = scopeParts.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`)
  return hmac(signingKey, stringToSign(request)).toString('hex')
}

/** The fictitious request in canonical form. */
export function canonicalConnectRequest(request: ConnectRequest): string {
  const parameters: readonly (readonly [string, string])[] = [
    ['Action', 'Connect'],
    ['PublicKeyHash', request.publicKeyHash],
    ['X-Amz-Algorithm', algorithm],
    ['X-Amz-Credential', `${request.accessKeyId}/${credentialScope(request)}`],
    ['X-Amz-Date', amzDate(request.nowMs)],
    ['X-Amz-Expires', String(lifetimeSeconds)],
    ...(request.sessionToken === undefined
      ? []
      : ([['X-Amz-Security-Token', request.sessionToken]] as const)),
    ['X-Amz-SignedHeaders', 'host'],
  ]
  const query = parameters.map(([name, value]) => `${name}=${formEncode(value)}`).join('&')
  return ['GET', '/', query, `host:${request.fileSystemId}`, 'host', sha256('')].join('\n')
}

function stringToSign(request: ConnectRequest): string {
  const canonicalHash = sha256(canonicalConnectRequest(request))
  return [algorithm, amzDate(request.nowMs), credentialScope(request), canonicalHash].join('\n')
}

function credentialScope({ nowMs, region }: ConnectRequest): string {
  return [amzDate(nowMs).slice(0, 8), region, service, lastScopePart].join('/')
}

/** `20260102T030405Z` */
function amzDate(nowMs: number): string {
  return new Date(nowMs)
    .toISOString()
    .replace(/\.\d{3}Z$/, 'Z')
    .replaceAll(/[-:]/g, '')
}

/** As Python's `quote_plus`, which is what AWS's own client uses: only letters, digits and `_.-~` stay. */
function formEncode(value: string): string {
  return encodeURIComponent(value)
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
