import { X509Certificate } from 'node:crypto'

import { beforeAll, describe, expect, test } from 'vitest'

import {
  createTunnelIdentity,
  type IdentityRequest,
} from '../../../../src-main/services/credentials/tunnel-identity.ts'
import { generateTunnelKey, type TunnelKey } from '../../../../src-main/services/credentials/tunnel-key.ts'
import type { Authority } from '../../../harness/s3files/identity/authority.ts'
import { judge, type Refusal, type Verdict } from '../../../harness/s3files/identity/judge.ts'
import {
  exampleFileSystemId,
  examplePrincipal,
  exampleRegion,
} from '../../../harness/s3files/start-mount-target.ts'
import { createTestAuthority } from '../../../harness/s3files/tls/test-authority.ts'

const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5)
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const accessPointId = 'fsap-0123456789abcdef0'
const session = { token: 'IQoJtoken/+==', expiresAtMs: nowMs + hourMs }
const { accessKeyId, secretAccessKey } = examplePrincipal
const principal = { ...examplePrincipal, session }
const credentials = { accessKeyId, secretAccessKey, sessionToken: session.token }
const authority: Authority = {
  fileSystemId: exampleFileSystemId,
  region: exampleRegion,
  accessPoints: [{ accessPointId }],
  principals: [principal],
}

let key: TunnelKey
beforeAll(async () => {
  key = await generateTunnelKey()
}, 60_000)

interface Case {
  readonly request?: Partial<IdentityRequest>
  readonly authority?: Partial<Authority>
  /** When it is presented, after it was made. */
  readonly laterMs?: number
}

async function verdictOf({ request, authority: change, laterMs = 0 }: Case): Promise<Verdict> {
  const { certificatePem } = await createTunnelIdentity({
    fileSystemId: exampleFileSystemId,
    region: exampleRegion,
    credentials,
    commonName: 'bridge-1',
    clientInfo: { source: 'mountbar', version: '1' },
    key,
    nowMs,
    ...request,
  })
  const der = new X509Certificate(certificatePem).raw
  return judge(der, { ...authority, ...change }, nowMs + laterMs)
}

describe('comes in:', () => {
  test.each<[string, Case]>([
    ['an identity as the app makes it', {}],
    ['one for an access point', { request: { accessPointId } }],
    ['one with long-lived keys', longLived()],
    ['one from a clock that is five minutes ahead', { request: { nowMs: nowMs + 5 * minuteMs } }],
    ['one from a clock that is two hours behind', { request: { nowMs: nowMs - 2 * hourMs } }],
  ])('%s', async (_, made) => {
    expect((await verdictOf(made)).refusals).toEqual([])
  })
})

describe('stays out:', () => {
  test.each<[string, Case, Refusal[]]>([
    ['another region', { request: { region: 'eu-west-1' } }, ['signature-wrong']],
    [
      'another secret',
      { request: { credentials: { ...credentials, secretAccessKey: 'not it' } } },
      ['signature-wrong'],
    ],
    [
      'another file system',
      { request: { fileSystemId: 'fs-fffffffffffffffff' } },
      ['file-system-wrong', 'signature-wrong'],
    ],
    [
      'an access point that is not there',
      { request: { accessPointId: 'fsap-fffffffffffffffff' } },
      ['access-point-unknown'],
    ],
    ['an unknown key id', { authority: { principals: [] } }, ['key-id-unknown']],
    ['a clock ten minutes ahead', { request: { nowMs: nowMs + 10 * minuteMs } }, ['signed-in-the-future']],
    [
      'a clock an hour ahead',
      { request: { nowMs: nowMs + hourMs } },
      ['certificate-not-yet-valid', 'signed-in-the-future'],
    ],
    ['a clock four hours behind', { request: { nowMs: nowMs - 4 * hourMs } }, ['certificate-expired']],
    [
      'a certificate of the day before yesterday',
      { laterMs: 48 * hourMs },
      ['certificate-expired', 'signed-too-long-ago', 'token-expired'],
    ],
    ['a token that has expired meanwhile', { laterMs: hourMs }, ['token-expired']],
    [
      'a token that AWS did not give',
      { request: { credentials: { ...credentials, sessionToken: 'made up' } } },
      ['token-unknown'],
    ],
    [
      'temporary keys without their token',
      { request: { credentials: { accessKeyId, secretAccessKey } } },
      ['token-missing'],
    ],
    [
      'an identity that may not mount',
      { authority: { principals: [{ ...principal, actions: [] }] } },
      ['mount-not-allowed'],
    ],
  ])('%s', async (_, made, refusals) => {
    expect((await verdictOf(made)).refusals).toEqual(refusals)
  })

  test('a client without a certificate', () => {
    expect(judge(undefined, authority, nowMs).refusals).toEqual(['no-certificate'])
  })

  test('a certificate that AWS did not think of', async () => {
    const other = await createTestAuthority('somebody', nowMs)
    const { cert } = await other.issue(['x.example'])
    expect(judge(new X509Certificate(cert).raw, authority, nowMs).refusals).toEqual([
      'not-self-signed',
      'key-identifier-wrong',
      'file-system-wrong',
      'client-auth-missing',
    ])
  })

  test('a certificate whose bytes were changed', async () => {
    const { identity } = await verdictOf({})
    const der = Buffer.from(identity!.certificate.raw)
    der.writeUInt8(der.at(-1)! ^ 1, der.length - 1)
    expect(judge(der, authority, nowMs).refusals).toEqual(['not-self-signed'])
  })

  test('what is no certificate', () => {
    expect(judge(Buffer.from('nonsense'), authority, nowMs).refusals).toEqual(['certificate-unreadable'])
  })
})

test('reads what the client says of itself', async () => {
  expect((await verdictOf({})).identity?.clientInfo).toEqual({ source: 'mountbar', version: '1' })
})

function longLived(): Case {
  return {
    request: { credentials: { accessKeyId, secretAccessKey } },
    authority: { principals: [{ accessKeyId, secretAccessKey, actions: principal.actions }] },
  }
}
