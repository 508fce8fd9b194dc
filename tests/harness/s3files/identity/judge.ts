import type { AccessPoint, Authority, ClientAction, Principal } from './authority.ts'
import { decodeIdentity, type ClientAuth, type PresentedIdentity } from './decode-identity.ts'
import { expectedSignature } from './expected-signature.ts'

/** Why a client may not come in. A wrong secret and a wrong region look alike, to AWS too. */
export type Refusal =
  | 'no-certificate'
  | 'certificate-unreadable'
  | 'not-self-signed'
  | 'certificate-not-yet-valid'
  | 'certificate-expired'
  | 'key-identifier-wrong'
  | 'file-system-wrong'
  | 'access-point-unknown'
  | 'client-auth-missing'
  | 'key-id-unknown'
  | 'signature-wrong'
  | 'signed-in-the-future'
  | 'signed-too-long-ago'
  | 'token-missing'
  | 'token-unknown'
  | 'token-expired'
  | 'mount-not-allowed'

export interface Verdict {
  /** Empty for a client that may come in; otherwise all that is wrong. */
  readonly refusals: readonly Refusal[]
  readonly identity: PresentedIdentity | undefined
  readonly actions: readonly ClientAction[]
  readonly accessPoint: AccessPoint | undefined
}

const dayMs = 86_400_000
/** How far ahead a client's clock may be: what AWS grants SigV4 elsewhere. */
const allowedSkewMs = 300_000

/** Judges a client certificate as S3 Files can. @param der `undefined` when the client sent none. */
export function judge(der: Buffer | undefined, authority: Authority, nowMs: number): Verdict {
  const nobody = { identity: undefined, actions: [], accessPoint: undefined }
  if (der === undefined) return { ...nobody, refusals: ['no-certificate'] }
  let identity: PresentedIdentity
  try {
    identity = decodeIdentity(der)
  } catch {
    return { ...nobody, refusals: ['certificate-unreadable'] }
  }
  const principal = authority.principals.find(
    ({ accessKeyId }) => accessKeyId === identity.clientAuth?.accessKeyId,
  )
  const accessPoint = authority.accessPoints.find(
    ({ accessPointId }) => accessPointId === identity.accessPointId,
  )
  const accessPointUnknown = identity.accessPointId !== undefined && accessPoint === undefined
  return {
    identity,
    accessPoint,
    actions: principal?.actions ?? [],
    refusals: [
      ...certificateRefusals(identity, nowMs),
      ...when(identity.fileSystemId !== authority.fileSystemId, 'file-system-wrong'),
      ...when(accessPointUnknown, 'access-point-unknown'),
      ...authRefusals(identity, principal, authority, nowMs),
    ],
  }
}

function certificateRefusals(identity: PresentedIdentity, nowMs: number): Refusal[] {
  const { certificate, publicKeyHash, subjectKeyIdentifier } = identity
  const selfSigned = certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey)
  return [
    ...when(!selfSigned, 'not-self-signed'),
    ...when(nowMs < certificate.validFromDate.getTime(), 'certificate-not-yet-valid'),
    ...when(nowMs > certificate.validToDate.getTime(), 'certificate-expired'),
    ...when(subjectKeyIdentifier !== publicKeyHash, 'key-identifier-wrong'),
  ]
}

function authRefusals(
  identity: PresentedIdentity,
  principal: Principal | undefined,
  { region, fileSystemId }: Authority,
  nowMs: number,
): Refusal[] {
  const { clientAuth, publicKeyHash } = identity
  if (clientAuth === undefined) return ['client-auth-missing']
  const dates = [
    ...when(clientAuth.signedAtMs > nowMs + allowedSkewMs, 'signed-in-the-future'),
    ...when(clientAuth.signedAtMs < nowMs - dayMs, 'signed-too-long-ago'),
  ]
  if (principal === undefined) return [...dates, 'key-id-unknown']
  const { secretAccessKey } = principal
  const expected = expectedSignature({
    ...clientAuth,
    secretAccessKey,
    region,
    fileSystemId,
    publicKeyHash,
  })
  return [
    ...dates,
    ...when(clientAuth.signature !== expected, 'signature-wrong'),
    ...tokenRefusals(clientAuth, principal, nowMs),
    ...when(!principal.actions.includes('s3files:ClientMount'), 'mount-not-allowed'),
  ]
}

function tokenRefusals({ sessionToken }: ClientAuth, { session }: Principal, nowMs: number): Refusal[] {
  if (session === undefined) return when(sessionToken !== undefined, 'token-unknown')
  if (sessionToken === undefined) return ['token-missing']
  if (sessionToken !== session.token) return ['token-unknown']
  return when(nowMs >= session.expiresAtMs, 'token-expired')
}

function when(wrong: boolean, refusal: Refusal): Refusal[] {
  return wrong ? [refusal] : []
}
