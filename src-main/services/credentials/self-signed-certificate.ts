import { sign } from 'node:crypto'
import { promisify } from 'node:util'

import { AsnConvert } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  Certificate,
  Extensions,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
  type Extension,
} from '@peculiar/asn1-x509'
import * as asn1 from 'asn1js'

import type { TunnelKey } from './tunnel-key.ts'

export interface CertificateParts {
  /** Subject and issuer; the 64 characters that X.509 allows are used. */
  readonly commonName: string
  /** Whole seconds, as milliseconds since 1970. */
  readonly notBeforeMs: number
  readonly notAfterMs: number
  readonly extensions: readonly Extension[]
}

const maxCommonNameLength = 64
const commonNameOid = '2.5.4.3'
const sha256WithRsaOid = '1.2.840.113549.1.1.11'

/** An X.509 v3 certificate in PEM, signed by the key it is for. */
export async function selfSignedCertificate(parts: CertificateParts, key: TunnelKey): Promise<string> {
  const name = commonName(parts.commonName)
  const algorithm = new AlgorithmIdentifier({ algorithm: sha256WithRsaOid, parameters: null })
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(parts.notBeforeMs),
    signature: algorithm,
    issuer: name,
    validity: new Validity({ notBefore: new Date(parts.notBeforeMs), notAfter: new Date(parts.notAfterMs) }),
    subject: name,
    subjectPublicKeyInfo: AsnConvert.parse(
      key.publicKey.export({ type: 'spki', format: 'der' }),
      SubjectPublicKeyInfo,
    ),
    extensions: new Extensions([...parts.extensions]),
  })
  const toBeSigned = Buffer.from(AsnConvert.serialize(tbsCertificate))
  const signature = await promisify(sign)('sha256', toBeSigned, key.privateKey)
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: algorithm,
    signatureValue: new Uint8Array(signature).buffer,
  })
  return toPem(Buffer.from(AsnConvert.serialize(certificate)))
}

function commonName(value: string): Name {
  const utf8String = value.slice(0, maxCommonNameLength)
  return new Name([
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type: commonNameOid, value: new AttributeValue({ utf8String }) }),
    ]),
  ])
}

/** Grows with every renewal, like AWS's counter, but needs no file to remember it. */
function serialNumber(notBeforeMs: number): ArrayBuffer {
  return new Uint8Array(asn1.Integer.fromBigInt(Math.floor(notBeforeMs / 1000)).valueBlock.valueHexView)
    .buffer
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
