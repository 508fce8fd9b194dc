import { generateKeyPair, sign, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import * as x509 from '@peculiar/asn1-x509'

/** A certificate with its key, both PEM. */
export interface ServerIdentity {
  readonly cert: string
  readonly key: string
}

/** A certificate authority for one test run. */
export interface TestAuthority {
  /** To be handed to whoever shall trust it. */
  readonly caPem: string
  /** A server certificate for `names`, which may begin with `*.`. */
  issue(names: readonly string[]): Promise<ServerIdentity>
}

const dayMs = 86_400_000
const ecdsaWithSha256 = '1.2.840.10045.4.3.2'
const commonNameOid = '2.5.4.3'

interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

interface Signer {
  readonly name: x509.Name
  readonly privateKey: KeyObject
}

/** Certificates of it are valid from a day ago for ten days. EC keys, which take no time to make. */
export async function createTestAuthority(commonName: string, nowMs: number): Promise<TestAuthority> {
  const ca = await makeKeys()
  const signer = { name: nameOf(commonName), privateKey: ca.privateKey }
  const usage = new x509.KeyUsage(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign)
  const caExtensions = [
    extension(x509.id_ce_basicConstraints, true, new x509.BasicConstraints({ cA: true })),
    extension(x509.id_ce_keyUsage, true, usage),
  ]
  return {
    caPem: makeCertificate(signer, ca, signer.name, 1, caExtensions, nowMs),
    async issue(names) {
      const keys = await makeKeys()
      const alternatives = names.map((dNSName) => new x509.GeneralName({ dNSName }))
      const serverAuth = new x509.ExtendedKeyUsage([x509.id_kp_serverAuth])
      const extensions = [
        extension(x509.id_ce_subjectAltName, false, new x509.SubjectAlternativeName(alternatives)),
        extension(x509.id_ce_extKeyUsage, false, serverAuth),
      ]
      const cert = makeCertificate(signer, keys, nameOf('mount target'), 2, extensions, nowMs)
      return { cert, key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
    },
  }
}

function makeCertificate(
  signer: Signer,
  { publicKey }: KeyPair,
  subject: x509.Name,
  serial: number,
  extensions: readonly x509.Extension[],
  nowMs: number,
): string {
  const algorithm = new x509.AlgorithmIdentifier({ algorithm: ecdsaWithSha256 })
  const tbsCertificate = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: new Uint8Array([serial]).buffer,
    signature: algorithm,
    issuer: signer.name,
    validity: new x509.Validity({
      notBefore: new Date(nowMs - dayMs),
      notAfter: new Date(nowMs + 10 * dayMs),
    }),
    subject,
    subjectPublicKeyInfo: AsnConvert.parse(
      publicKey.export({ type: 'spki', format: 'der' }),
      x509.SubjectPublicKeyInfo,
    ),
    extensions: new x509.Extensions([...extensions]),
  })
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(tbsCertificate)), signer.privateKey)
  const certificate = new x509.Certificate({
    tbsCertificate,
    signatureAlgorithm: algorithm,
    signatureValue: new Uint8Array(signature).buffer,
  })
  const base64 = Buffer.from(AsnConvert.serialize(certificate)).toString('base64')
  const lines = base64.match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function makeKeys(): Promise<KeyPair> {
  return promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
}

function nameOf(commonName: string): x509.Name {
  const value = new x509.AttributeValue({ utf8String: commonName })
  return new x509.Name([
    new x509.RelativeDistinguishedName([new x509.AttributeTypeAndValue({ type: commonNameOid, value })]),
  ])
}

function extension(extnID: string, critical: boolean, value: object): x509.Extension {
  return new x509.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) })
}
