import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import {
  createTunnelIdentity,
  type TunnelIdentity,
} from '../../../../src-main/services/credentials/tunnel-identity.ts'
import { generateTunnelKey, type TunnelKey } from '../../../../src-main/services/credentials/tunnel-key.ts'
import {
  exampleFileSystemId,
  examplePrincipal,
  exampleRegion,
  startSimulatedTarget,
  type SimulatedTarget,
} from '../../../harness/s3files/start-mount-target.ts'
import { toRecord } from '../../../harness/s3files/rpc/records.ts'
import { opaque, uint32s } from '../../../harness/s3files/rpc/xdr.ts'
import { waitFor } from '../../../harness/wait-for.ts'
import { authSys, bindCall, compound, nullCall, operations as op } from './calls.ts'
import { startRpcEcho, type RpcEcho } from './rpc-echo.ts'
import { TlsClient } from './tls-client.ts'

let key: TunnelKey
let identity: TunnelIdentity
beforeAll(async () => {
  key = await generateTunnelKey()
  identity = await makeIdentity()
}, 60_000)

let nfs: RpcEcho
let simulated: SimulatedTarget
beforeEach(async () => {
  nfs = await startRpcEcho()
  simulated = await startSimulatedTarget({ nfs })
})
afterEach(async () => {
  await simulated[Symbol.asyncDispose]()
  await nfs[Symbol.asyncDispose]()
})

function makeIdentity(nowMs = Date.now()): Promise<TunnelIdentity> {
  const { accessKeyId, secretAccessKey, session } = examplePrincipal
  return createTunnelIdentity({
    fileSystemId: exampleFileSystemId,
    region: exampleRegion,
    credentials: { accessKeyId, secretAccessKey, sessionToken: session!.token },
    commonName: 'bridge-1',
    clientInfo: { source: 'mountbar', version: '1' },
    key,
    nowMs,
  })
}

const lookAround = compound([op.sequence, op.putHandle, op.getAttributes])
const refused = '0000000d' + '00000000' + '00000001' + '00000035' + '0000000d'

describe('an identity that the app made', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'comes in over %s, and its calls reach NFS as they were',
    async (version) => {
      using client = await TlsClient.connect(simulated, identity, version)
      const reply = await client.call(lookAround)
      expect(reply.subarray(24)).toEqual(lookAround.subarray(40))
      expect(nfs.received).toEqual([toRecord(lookAround)])
      expect(simulated.target.connections).toMatchObject([
        { verdict: { refusals: [] }, tlsVersion: version, serverName: simulated.tlsName, isOpen: true },
      ])
    },
  )

  test('moves a megabyte in one record both ways', async () => {
    using client = await TlsClient.connect(simulated, identity)
    const big = compound([
      op.sequence,
      op.putHandle,
      Buffer.concat([uint32s(25), opaque(Buffer.alloc(1024 * 1024, 1))]),
    ])
    expect((await client.call(big)).subarray(24).equals(big.subarray(40))).toBe(true)
  })

  test('is judged anew at every connection', async () => {
    using before = await TlsClient.connect(simulated, identity)
    await before.call(lookAround)
    simulated.changeAuthority({ principals: [] })
    using after = await TlsClient.connect(simulated, identity)
    expect((await after.call(lookAround)).subarray(24).toString('hex')).toBe(refused)
    expect(simulated.target.connections.map(({ verdict }) => verdict.refusals)).toEqual([
      [],
      ['key-id-unknown'],
    ])
    expect((await before.call(lookAround)).subarray(24)).toEqual(lookAround.subarray(40))
  })
})

describe('a client that is refused', () => {
  test('gets through TLS and hears error 13 from NFS, which is not asked', async () => {
    using client = await TlsClient.connect(simulated, await makeIdentity(Date.now() - 4 * 3_600_000))
    await client.call(nullCall)
    expect((await client.call(lookAround)).subarray(24).toString('hex')).toBe(refused)
    expect(nfs.received).toEqual([])
    expect(simulated.target.connections).toMatchObject([{ verdict: { refusals: ['certificate-expired'] } }])
  })

  test('may also have no certificate at all', async () => {
    using client = await TlsClient.connect(simulated)
    expect((await client.call(lookAround)).subarray(24).toString('hex')).toBe(refused)
    expect(simulated.target.connections).toMatchObject([{ verdict: { refusals: ['no-certificate'] } }])
  })

  test('may be anybody, when the test says so', async () => {
    simulated.target.behaviour.refusesAll = true
    using client = await TlsClient.connect(simulated, identity)
    expect((await client.call(lookAround)).subarray(24).toString('hex')).toBe(refused)
  })
})

describe('permissions', () => {
  test('without ClientWrite a change is answered "read-only", and the rest of its compound reaches NFS', async () => {
    simulated.changeAuthority({
      principals: [{ ...examplePrincipal, actions: ['s3files:ClientMount', 's3files:ClientRootAccess'] }],
    })
    nfs.answerWith(Buffer.concat([uint32s(0), opaque(Buffer.alloc(0)), uint32s(2), Buffer.from('done')]))
    using client = await TlsClient.connect(simulated, identity)
    const reply = await client.call(compound([op.sequence, op.putHandle, op.write, op.getAttributes]))
    expect(nfs.received).toEqual([toRecord(compound([op.sequence, op.putHandle]))])
    expect(reply.subarray(24)).toEqual(
      Buffer.concat([uint32s(30), opaque(Buffer.alloc(0)), uint32s(3), Buffer.from('done'), uint32s(38, 30)]),
    )
  })

  test('without ClientRootAccess everybody is nobody', async () => {
    simulated.changeAuthority({
      principals: [{ ...examplePrincipal, actions: ['s3files:ClientMount', 's3files:ClientWrite'] }],
    })
    using client = await TlsClient.connect(simulated, identity)
    await client.call(compound([op.sequence], authSys(0, 0, [0])))
    expect(nfs.received).toEqual([toRecord(compound([op.sequence], authSys(65_534, 65_534, [65_534])))])
  })
})

describe('BIND', () => {
  test('is answered before NFS hears of anything, and remembered', async () => {
    using client = await TlsClient.connect(simulated, identity)
    expect(
      toRecord(await client.call(bindCall))
        .subarray(0, 4)
        .toString('hex'),
    ).toBe('8000006c')
    expect(nfs.received).toEqual([])
    expect(simulated.target.connections[0]?.binds).toEqual([{ identifier: 'ab'.repeat(16), incarnation: 2n }])
  })

  test('may go unanswered, while other calls are served', async () => {
    simulated.target.behaviour.bind = 'silence'
    using client = await TlsClient.connect(simulated, identity)
    client.send(bindCall)
    expect((await client.call(lookAround)).subarray(24)).toEqual(lookAround.subarray(40))
    expect(client.replyCount).toBe(0)
  })

  test('may be the last that is answered', async () => {
    simulated.target.behaviour.afterBind = 'close'
    using client = await TlsClient.connect(simulated, identity)
    await client.call(bindCall)
    expect(await client.closed()).toBeUndefined()
  })
})

describe('the server’s certificate', () => {
  test('may be for another name', async () => {
    simulated.present('wrong-name')
    await expect(TlsClient.connect(simulated, identity)).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
  })

  test('may be somebody else’s, and be right again', async () => {
    simulated.present('untrusted')
    await expect(TlsClient.connect(simulated, identity)).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    })
    simulated.present('right')
    using client = await TlsClient.connect(simulated, identity)
    await client.call(nullCall)
  })
})

describe('when NFS', () => {
  test('goes away, the tunnel’s connection ends', async () => {
    using client = await TlsClient.connect(simulated, identity)
    await client.call(lookAround)
    nfs.endConnections()
    await client.closed()
    await waitFor(() => simulated.target.connections[0]?.isOpen === false, {
      what: 'the connection to be seen closed',
    })
  })

  test('is not there, the tunnel’s connection ends at the first call', async () => {
    await nfs[Symbol.asyncDispose]()
    using client = await TlsClient.connect(simulated, identity)
    client.send(lookAround)
    await client.closed()
    nfs = await startRpcEcho()
  })
})
