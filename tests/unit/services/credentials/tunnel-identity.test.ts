import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'

import { beforeAll, describe, expect, test } from 'vitest'

import { signConnect } from '../../../../src-main/services/credentials/sign-connect.ts'
import {
  createTunnelIdentity,
  type IdentityRequest,
  type TunnelIdentity,
} from '../../../../src-main/services/credentials/tunnel-identity.ts'
import { generateTunnelKey, type TunnelKey } from '../../../../src-main/services/credentials/tunnel-key.ts'

const fileSystemId = 'fs-0123456789abcdef0'
const accessPointId = 'fsap-0123456789abcdef0'
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const temporary = { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', secretAccessKey, sessionToken: 'IQoJb3JpZ2luX2Vj==' }
const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5)
const hourMs = 3_600_000

let key: TunnelKey
beforeAll(async () => {
  key = await generateTunnelKey()
}, 60_000)

function make(change: Partial<IdentityRequest> = {}): Promise<TunnelIdentity> {
  return createTunnelIdentity({
    fileSystemId,
    region: 'eu-central-1',
    credentials: temporary,
    commonName: 'bridge-1',
    clientInfo: { source: 'mountbar', version: '3.3.1' },
    key,
    nowMs,
    ...change,
  })
}

describe('the certificate', () => {
  test('is signed by its own key, which is the private key that comes with it', async () => {
    const { certificatePem, privateKeyPem } = await make()
    const certificate = new X509Certificate(certificatePem)
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(true)
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(3072)
  })

  test('is for the common name alone, cut to what X.509 allows', async () => {
    expect(new X509Certificate((await make()).certificatePem)).toMatchObject({
      subject: 'CN=bridge-1',
      issuer: 'CN=bridge-1',
      ca: false,
      subjectAltName: undefined,
    })
    const long = await make({ commonName: 'x'.repeat(100) })
    expect(new X509Certificate(long.certificatePem).subject).toBe(`CN=${'x'.repeat(64)}`)
  })

  test('begins 15 minutes ago and ends in three hours, to the second', async () => {
    const identity = await make({ nowMs: nowMs + 789 })
    expect(identity).toMatchObject({
      issuedAtMs: nowMs,
      notBeforeMs: nowMs - 900_000,
      notAfterMs: nowMs + 3 * hourMs,
    })
    const certificate = new X509Certificate(identity.certificatePem)
    expect(certificate.validFromDate.getTime()).toBe(identity.notBeforeMs)
    expect(certificate.validToDate.getTime()).toBe(identity.notAfterMs)
  })

  test('gets a higher serial number when it is renewed', async () => {
    const [first, second] = [await make(), await make({ nowMs: nowMs + 1000 })]
    const serialOf = ({ certificatePem }: TunnelIdentity): bigint =>
      BigInt(`0x${new X509Certificate(certificatePem).serialNumber}`)
    expect(serialOf(second)).toBe(serialOf(first) + 1n)
  })
})

describe('the extensions, byte by byte', () => {
  test('are five with an access point, in AWS’s order', async () => {
    const der = derOf(await make({ accessPointId }))
    const identifier = createHash('sha1').update(subjectPublicKeyBits(key)).digest()
    const signature = signConnect(
      {
        fileSystemId,
        region: 'eu-central-1',
        publicKeyHash: identifier.toString('hex'),
        nowMs,
        accessKeyId: temporary.accessKeyId,
        sessionToken: temporary.sessionToken,
      },
      secretAccessKey,
    )
    const clientAuth = tlv(
      0x30,
      utf8(temporary.accessKeyId),
      tlv(0x04, Buffer.from(signature)),
      tlv(0x17, Buffer.from('260102030405Z')),
      tlv(0xa0, utf8(temporary.sessionToken)),
    )
    const expected = tlv(
      0xa3,
      tlv(
        0x30,
        tlv(0x30, Buffer.from('0603551d0e', 'hex'), tlv(0x04, tlv(0x04, identifier))),
        awsExtension(1, utf8(accessPointId)),
        awsExtension(2, clientAuth),
        awsExtension(3, utf8(fileSystemId)),
        awsExtension(4, tlv(0x30, utf8('mountbar'), utf8('3.3.1'))),
      ),
    )
    expect(der.includes(expected)).toBe(true)
  })

  test('have no access point and no token where there is none', async () => {
    const { accessKeyId } = temporary
    const der = derOf(await make({ credentials: { accessKeyId, secretAccessKey } }))
    expect(der.includes(awsOid(1))).toBe(false)
    expect(der.includes(awsOid(2))).toBe(true)
    expect(der.includes(tlv(0xa0, utf8(temporary.sessionToken)))).toBe(false)
  })
})

describe('what an identity tells its owner', () => {
  test('is that it ends with the certificate, or with the credentials when they end earlier', async () => {
    const endingAt = (expiresAtMs: number): Promise<TunnelIdentity> =>
      make({ credentials: { ...temporary, expiresAtMs } })
    expect(await make()).toMatchObject({ expiresAtMs: nowMs + 3 * hourMs })
    expect(await endingAt(nowMs + hourMs)).toMatchObject({ expiresAtMs: nowMs + hourMs })
    expect(await endingAt(nowMs + 12 * hourMs)).toMatchObject({ expiresAtMs: nowMs + 3 * hourMs })
  })

  test('never holds the secret key, in no spelling', async () => {
    const identity = await make()
    const everything = Buffer.concat([Buffer.from(JSON.stringify(identity)), derOf(identity)])
    const bytes = Buffer.from(secretAccessKey)
    for (const spelling of [secretAccessKey, bytes.toString('hex'), bytes.toString('base64').slice(0, -2)]) {
      expect(everything.includes(spelling)).toBe(false)
    }
  })
})

function derOf({ certificatePem }: TunnelIdentity): Buffer {
  return new X509Certificate(certificatePem).raw
}

/** The last field of a SubjectPublicKeyInfo, by counting: 3072-bit RSA has a 398-byte key behind a 5-byte header. */
function subjectPublicKeyBits({ publicKey }: TunnelKey): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(-398)
}

function awsExtension(number: number, value: Buffer): Buffer {
  return tlv(0x30, awsOid(number), tlv(0x04, value))
}

/** 1.3.6.1.4.1.4843.7.n */
function awsOid(number: number): Buffer {
  return tlv(0x06, Buffer.from([0x2b, 6, 1, 4, 1, 0xa5, 0x6b, 7, number]))
}

function utf8(text: string): Buffer {
  return tlv(0x0c, Buffer.from(text))
}

function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts)
  const length = value.length
  const header =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...header]), value])
}
