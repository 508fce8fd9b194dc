import { identityExtensions, type ClientInfo } from './identity-extensions.ts'
import { selfSignedCertificate } from './self-signed-certificate.ts'
import { signConnect } from './sign-connect.ts'
import { publicKeyHash, type TunnelKey } from './tunnel-key.ts'

const minuteMs = 60_000
/** Both as AWS's client does it: room for a server whose clock is behind, and a life longer than most sessions. */
const startsBeforeMs = 15 * minuteMs
const livesForMs = 180 * minuteMs

export interface SessionCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Absent for the long-lived keys of an IAM user. */
  readonly sessionToken?: string | undefined
  /** Milliseconds since 1970; absent for credentials that do not expire. */
  readonly expiresAtMs?: number | undefined
}

export interface IdentityRequest {
  readonly fileSystemId: string
  readonly region: string
  readonly accessPointId?: string | undefined
  readonly credentials: SessionCredentials
  /** Who the certificate is made out to: the container's host name, as AWS's client does it. */
  readonly commonName: string
  readonly clientInfo: ClientInfo
  /** May serve one drive's renewals; `generateTunnelKey` makes one. */
  readonly key: TunnelKey
  readonly nowMs: number
}

/** What opens one file system, or one access point of it, for a few hours. The private key makes it a secret. */
export interface TunnelIdentity {
  readonly certificatePem: string
  readonly privateKeyPem: string
  readonly issuedAtMs: number
  readonly notBeforeMs: number
  readonly notAfterMs: number
  /** It opens no new connection after its own end, nor after that of the credentials that signed it. */
  readonly expiresAtMs: number
}

/**
 * Makes the certificate that S3 Files takes for an IAM identity. The secret key signs and stays here; key id and session token are in the certificate.
 * Says nothing about whether AWS will let it in: that is known when a tunnel connects with it.
 */
export async function createTunnelIdentity(request: IdentityRequest): Promise<TunnelIdentity> {
  const { fileSystemId, region, accessPointId, credentials, clientInfo, key } = request
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  // ASN.1 times have whole seconds, and the signature has to be over the very time the certificate states.
  const nowMs = Math.floor(request.nowMs / 1000) * 1000
  const keyIdentifier = publicKeyHash(key.publicKey)
  const signature = signConnect(
    { fileSystemId, region, publicKeyHash: keyIdentifier.toString('hex'), nowMs, accessKeyId, sessionToken },
    secretAccessKey,
  )
  const claims = {
    fileSystemId,
    accessPointId,
    accessKeyId,
    sessionToken,
    signature,
    signedAtMs: nowMs,
    clientInfo,
  }
  const notBeforeMs = nowMs - startsBeforeMs
  const notAfterMs = nowMs + livesForMs
  const certificatePem = await selfSignedCertificate(
    {
      commonName: request.commonName,
      notBeforeMs,
      notAfterMs,
      extensions: identityExtensions(claims, keyIdentifier),
    },
    key,
  )
  return {
    certificatePem,
    privateKeyPem: key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    issuedAtMs: nowMs,
    notBeforeMs,
    notAfterMs,
    expiresAtMs: Math.min(notAfterMs, credentials.expiresAtMs ?? Infinity),
  }
}
