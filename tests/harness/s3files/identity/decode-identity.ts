import { createHash, X509Certificate } from 'node:crypto'

import { AsnConvert } from '@peculiar/asn1-schema'
import { Certificate } from '@peculiar/asn1-x509'
import * as asn1 from 'asn1js'

/** What a client certificate claims, as the mount target reads it. */
export interface PresentedIdentity {
  readonly certificate: X509Certificate
  /** Hex SHA-1 of the bits of the key that it is for, and what its subject key identifier says that is. */
  readonly publicKeyHash: string
  readonly subjectKeyIdentifier: string | undefined
  readonly fileSystemId: string | undefined
  readonly accessPointId: string | undefined
  readonly clientAuth: ClientAuth | undefined
  readonly clientInfo: { readonly source: string; readonly version: string } | undefined
}

export interface ClientAuth {
  readonly accessKeyId: string
  readonly signature: string
  readonly signedAtMs: number
  readonly sessionToken: string | undefined
}

const oids = {
  subjectKeyIdentifier: '2.5.29.14',
  accessPoint: '1.3.6.1.4.1.4843.7.1',
  clientAuth: '1.3.6.1.4.1.4843.7.2',
  fileSystem: '1.3.6.1.4.1.4843.7.3',
  clientInfo: '1.3.6.1.4.1.4843.7.4',
} as const

/** @throws when the certificate or one of AWS's extensions is not the structure it should be. */
export function decodeIdentity(der: Buffer): PresentedIdentity {
  const { extensions, subjectPublicKeyInfo } = AsnConvert.parse(der, Certificate).tbsCertificate
  const find = (oid: string): asn1.BaseBlock | undefined => {
    const extension = extensions?.find(({ extnID }) => extnID === oid)
    return extension && parse(extension.extnValue.buffer)
  }
  const present = <T>(oid: string, read: (block: asn1.BaseBlock) => T): T | undefined => {
    const block = find(oid)
    return block && read(block)
  }
  return {
    certificate: new X509Certificate(der),
    publicKeyHash: createHash('sha1')
      .update(Buffer.from(subjectPublicKeyInfo.subjectPublicKey))
      .digest('hex'),
    subjectKeyIdentifier: present(oids.subjectKeyIdentifier, octets)?.toString('hex'),
    fileSystemId: present(oids.fileSystem, utf8),
    accessPointId: present(oids.accessPoint, utf8),
    clientAuth: present(oids.clientAuth, readClientAuth),
    clientInfo: present(oids.clientInfo, readClientInfo),
  }
}

function readClientAuth(block: asn1.BaseBlock): ClientAuth {
  const [accessKeyId, signature, signedAt, token, ...rest] = children(block, asn1.Sequence)
  if (rest.length > 0 || !(signedAt instanceof asn1.UTCTime))
    throw new TypeError('not a client auth sequence')
  return {
    accessKeyId: utf8(accessKeyId),
    signature: octets(signature).toString('ascii'),
    signedAtMs: signedAt.toDate().getTime(),
    sessionToken: token && utf8(children(contextZero(token), asn1.Constructed)[0]),
  }
}

/** AWS's own watchdog puts a space in front of both when it renews. */
function readClientInfo(block: asn1.BaseBlock): { source: string; version: string } {
  const [source, version] = children(block, asn1.Sequence)
  return { source: utf8(source).trim(), version: utf8(version).trim() }
}

function parse(bytes: ArrayBuffer): asn1.BaseBlock {
  const { offset, result } = asn1.fromBER(bytes)
  if (offset !== bytes.byteLength) throw new TypeError(result.error || 'bytes behind an ASN.1 value')
  return result
}

function contextZero(block: asn1.BaseBlock): asn1.BaseBlock {
  const { tagClass, tagNumber } = block.idBlock
  if (tagClass !== 3 || tagNumber !== 0) throw new TypeError('not tagged [0]')
  return block
}

function children(
  block: asn1.BaseBlock | undefined,
  kind: typeof asn1.Sequence | typeof asn1.Constructed,
): asn1.BaseBlock[] {
  if (!(block instanceof kind)) throw new TypeError(`not a ${kind.NAME}`)
  return block.valueBlock.value
}

function utf8(block: asn1.BaseBlock | undefined): string {
  if (!(block instanceof asn1.Utf8String)) throw new TypeError('not a UTF8String')
  return block.getValue()
}

function octets(block: asn1.BaseBlock | undefined): Buffer {
  if (!(block instanceof asn1.OctetString)) throw new TypeError('not an OCTET STRING')
  return Buffer.from(block.valueBlock.valueHexView)
}
