import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

import { SignatureV4 } from '@smithy/signature-v4'

import type { AwsAccount, AwsKey } from './account.ts'
import type { AwsRequest } from './service.ts'

/** What every one of AWS's services says about a request it does not believe. */
export type SignatureRefusal =
  | 'MissingAuthenticationToken'
  | 'InvalidClientTokenId'
  | 'ExpiredToken'
  | 'SignatureDoesNotMatch'
  | 'SignatureExpired'
  | 'SignatureNotYetCurrent'

export interface VerifyOptions {
  readonly account: AwsAccount
  readonly service: string
  readonly nowMs: number
}

const allowedSkewMs = 5 * 60_000
const shape =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/

/**
 * Judges a request as AWS does: whose key, is its session over, is the signature that of the request that came in, is its time right.
 * The signature is made anew from what arrived, by a signer that knows nothing of the client.
 */
export async function verifySignature(
  request: AwsRequest,
  { account, service, nowMs }: VerifyOptions,
): Promise<AwsKey | SignatureRefusal> {
  const match = shape.exec(request.headers['authorization'] ?? '')
  if (match === null) return 'MissingAuthenticationToken'
  const [, accessKeyId = '', day = '', region = '', scopeService, signedHeaders = '', signature = ''] = match
  const key = account.keys.get(accessKeyId)
  if (key === undefined) return 'InvalidClientTokenId'
  const token = request.headers['x-amz-security-token']
  if (token !== key.session?.token) return 'InvalidClientTokenId'
  const signedAt = parseAmzDate(request.headers['x-amz-date'] ?? '')
  if (scopeService !== service || signedAt === undefined) return 'SignatureDoesNotMatch'
  if (!signedAt.toISOString().replaceAll('-', '').startsWith(day)) return 'SignatureDoesNotMatch'
  const names = signedHeaders.split(';')
  if (!names.includes('host') || (token !== undefined && !names.includes('x-amz-security-token'))) {
    return 'SignatureDoesNotMatch'
  }
  const expected = await signatureOf(request, key, { names, region, service, signedAt })
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature))) return 'SignatureDoesNotMatch'
  if (signedAt.getTime() < nowMs - allowedSkewMs) return 'SignatureExpired'
  if (signedAt.getTime() > nowMs + allowedSkewMs) return 'SignatureNotYetCurrent'
  return key.session !== undefined && key.session.expiresAtMs <= nowMs ? 'ExpiredToken' : key
}

interface Scope {
  readonly names: readonly string[]
  readonly region: string
  readonly service: string
  readonly signedAt: Date
}

async function signatureOf(
  { method, url, headers, body }: AwsRequest,
  { accessKeyId, secretAccessKey, session }: AwsKey,
  { names, region, service, signedAt }: Scope,
): Promise<string> {
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, ...(session && { sessionToken: session.token }) },
    region,
    service,
    sha256: NodeSha256,
    applyChecksum: names.includes('x-amz-content-sha256'),
    // S3 alone signs paths as they are.
    uriEscapePath: service !== 's3',
  })
  const signed = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(names.map((name) => [name, headers[name] ?? ''])),
      body,
    },
    { signingDate: signedAt, unsignableHeaders: new Set(), signableHeaders: new Set(names) },
  )
  return /Signature=([0-9a-f]+)/.exec(signed.headers['authorization'] ?? '')?.[1] ?? ''.padEnd(64, '0')
}

function parseAmzDate(text: string): Date | undefined {
  const [, year, month, day, hours, minutes, seconds] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? []
  if (seconds === undefined) return undefined
  return new Date(`${year!}-${month!}-${day!}T${hours!}:${minutes!}:${seconds}Z`)
}

/** The signer asks for a hash of its own shape. */
class NodeSha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined
        ? createHash('sha256')
        : createHmac('sha256', typeof secret === 'string' ? secret : bytesOf(secret))
  }

  update(data: Uint8Array | string): void {
    this.#hash.update(data)
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()))
  }

  reset(): void {
    throw new Error('not used')
  }
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data)
}
