import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { Extension, id_ce_subjectKeyIdentifier, SubjectKeyIdentifier } from '@peculiar/asn1-x509'
import * as asn1 from 'asn1js'

/** AWS's private extensions of a client certificate. */
export const identityOids = {
  accessPoint: '1.3.6.1.4.1.4843.7.1',
  clientAuth: '1.3.6.1.4.1.4843.7.2',
  fileSystem: '1.3.6.1.4.1.4843.7.3',
  clientInfo: '1.3.6.1.4.1.4843.7.4',
} as const

/** What the certificate says about its holder. Everything in it may be read by whoever sees the certificate. */
export interface IdentityClaims {
  readonly fileSystemId: string
  readonly accessPointId?: string | undefined
  readonly accessKeyId: string
  readonly sessionToken?: string | undefined
  /** From `signConnect`. */
  readonly signature: string
  /** When that signature was made, in milliseconds since 1970. */
  readonly signedAtMs: number
  readonly clientInfo: ClientInfo
}

/** Who the client says it is; AWS sees it in its own logs. */
export interface ClientInfo {
  readonly source: string
  /** In AWS's client the version of efs-utils. */
  readonly version: string
}

/** All extensions of a tunnel identity, in the order in which AWS's client writes them; none is critical. */
export function identityExtensions(claims: IdentityClaims, keyIdentifier: Buffer): Extension[] {
  return [
    extension(id_ce_subjectKeyIdentifier, AsnConvert.serialize(new SubjectKeyIdentifier(keyIdentifier))),
    ...(claims.accessPointId === undefined
      ? []
      : [extension(identityOids.accessPoint, text(claims.accessPointId).toBER())]),
    extension(identityOids.clientAuth, clientAuth(claims).toBER()),
    extension(identityOids.fileSystem, text(claims.fileSystemId).toBER()),
    extension(identityOids.clientInfo, clientInfo(claims.clientInfo).toBER()),
  ]
}

function clientAuth({ accessKeyId, signature, signedAtMs, sessionToken }: IdentityClaims): asn1.Sequence {
  return new asn1.Sequence({
    value: [
      text(accessKeyId),
      // The hex characters themselves, not the bytes they stand for.
      new asn1.OctetString({ valueHex: Buffer.from(signature, 'ascii') }),
      new asn1.UTCTime({ valueDate: new Date(signedAtMs) }),
      ...(sessionToken === undefined ? [] : [explicitZero(text(sessionToken))]),
    ],
  })
}

function clientInfo({ source, version }: ClientInfo): asn1.Sequence {
  return new asn1.Sequence({ value: [text(source), text(version)] })
}

function explicitZero(value: asn1.Utf8String): asn1.Constructed {
  return new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [value] })
}

function text(value: string): asn1.Utf8String {
  return new asn1.Utf8String({ value })
}

function extension(extnID: string, value: ArrayBuffer): Extension {
  return new Extension({ extnID, critical: false, extnValue: new OctetString(value) })
}
