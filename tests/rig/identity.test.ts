import { X509Certificate } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

import { bridgeLabels } from '../../docker/bridge/api/start.ts'
import { systemClock } from '../../src-main/lib/clock.ts'
import {
  isAppError,
  type ErrorArgs,
  type ErrorCode,
  type SerializedError,
} from '../../src-main/shared/errors.ts'
import { messageFor } from '../../src-main/shared/messages.ts'
import type { IdentitySource } from '../../src-main/services/bridge/ports.ts'
import type { IdentityRequest } from '../../src-main/services/credentials/tunnel-identity.ts'
import { codeOf, Drive, patterned } from '../contract/backend/subject.ts'
import { needs } from '../harness/needs.ts'
import { createIdentitySource } from '../harness/rig/identity-source.ts'
import { startRig, type Rig } from '../harness/rig/rig.ts'
import type { RigBridge } from '../harness/rig/rig-bridge.ts'
import { allClientActions, type Authority, type Principal } from '../harness/s3files/identity/authority.ts'
import type { Refusal } from '../harness/s3files/identity/judge.ts'
import { examplePrincipal } from '../harness/s3files/start-mount-target.ts'
import { attachVm } from '../harness/vm/attach-vm.ts'
import { vmNeeds } from '../harness/vm/vm-needs.ts'
import { waitFor } from '../harness/wait-for.ts'

/** Generous: the VM's processor is emulated, and other suites may share the machine. */
const limitMs = 250_000
const apartMs = 600_000
const hourMs = 3_600_000

const unknownKey = { ...examplePrincipal, accessKeyId: 'ASIAUNKNOWNEXAMPLE00' }
const expiredPrincipal = {
  ...examplePrincipal,
  accessKeyId: 'ASIAEXPIREDEXAMPLE00',
  session: { ...examplePrincipal.session!, expiresAtMs: Date.UTC(2001, 0, 1) },
}

interface BadIdentity {
  readonly what: string
  readonly request: () => Partial<IdentityRequest>
  /** What the server sees. */
  readonly refusals: readonly Refusal[]
  /** What a person is told. */
  readonly code: ErrorCode
  readonly title: string
  /** The file system, unless told otherwise. */
  readonly args?: ErrorArgs
  /** Of this machine's clock. */
  readonly aheadMs?: number
}

/** What came of one. */
interface Outcome {
  readonly error: SerializedError | undefined
  /** Of each of its connections. */
  readonly refusals: readonly (readonly Refusal[])[]
  readonly containersLeft: number
}

const denied = { code: 'access-denied', title: 'AWS does not let you in' } as const

const badIdentities: readonly BadIdentity[] = [
  {
    what: 'a clock that is an hour ahead',
    request: () => ({}),
    aheadMs: hourMs,
    refusals: ['certificate-not-yet-valid', 'signed-in-the-future'],
    code: 'clock-skewed',
    title: 'The clocks do not agree',
    args: { skewMinutes: 60 },
  },
  {
    what: 'credentials that have expired',
    request: () => ({ credentials: { ...credentialsOf(expiredPrincipal), expiresAtMs: Date.now() - 1000 } }),
    refusals: ['token-expired'],
    code: 'identity-expired',
    title: 'Your AWS sign-in has expired',
  },
  {
    what: 'a key that AWS does not know',
    request: () => ({ credentials: credentialsOf(unknownKey) }),
    refusals: ['key-id-unknown'],
    ...denied,
  },
  {
    what: 'the wrong region',
    request: () => ({ region: 'us-east-1' }),
    refusals: ['signature-wrong'],
    ...denied,
  },
  {
    what: 'another file system',
    request: () => ({ fileSystemId: 'fs-00000000000000001' }),
    refusals: ['file-system-wrong', 'signature-wrong'],
    ...denied,
  },
]

needs(...vmNeeds)('the identity of a bridge', () => {
  const stack = new AsyncDisposableStack()
  let rig: Rig
  let change: () => Partial<IdentityRequest> = () => ({})

  beforeAll(async () => {
    rig = stack.use(await startRig({ vm: await attachVm(inject('rigVmPort')) }))
    change = () => ({})
  })

  afterAll(() => stack.disposeAsync())

  const target = () => rig.s3Files.mountTarget
  const lastRefusals = () => target().target.connections.at(-1)?.verdict.refusals
  const source = () => createIdentitySource({ target: target(), key: rig.tunnelKey, change: () => change() })

  /** The authority as `part` has it, for connections that come, and none that was judged before. */
  const decree = (part: Partial<Authority>) => {
    target().changeAuthority(part)
    target().link.endConnections('close')
  }
  const withActions = (...actions: Principal['actions']): Partial<Authority> => ({
    principals: [{ ...examplePrincipal, actions }],
  })
  const becomes = async ({ bridge }: RigBridge, code: ErrorCode | undefined) => {
    const is = () => {
      const state = bridge.state()
      return code === undefined ? state.kind === 'ready' : 'error' in state && state.error.code === code
    }
    await waitFor(is, { what: code ?? 'ready', limitMs })
  }
  const refusalOf = (bridge: RigBridge) =>
    bridge.start().then(
      () => undefined,
      (error: unknown) => (isAppError(error) ? error.toJSON() : undefined),
    )

  describe('that is bad', () => {
    /** Two at a time: what takes long is that each is tried more than once; more would be too much for an emulated engine. */
    const lanes = 2
    const outcomes = new Map<BadIdentity, Outcome>()

    beforeAll(async () => {
      target().changeAuthority({ principals: [examplePrincipal, expiredPrincipal] })
      const tryLane = async (lane: number) => {
        for (const [index, bad] of badIdentities.entries()) {
          if (index % lanes === lane) outcomes.set(bad, await tryBad(bad, index))
        }
      }
      await Promise.all(Array.from({ length: lanes }, (_, lane) => tryLane(lane)))
      target().changeAuthority({ principals: [examplePrincipal] })
    })

    const tryBad = async ({ request, aheadMs = 0 }: BadIdentity, index: number): Promise<Outcome> => {
      const clock = { ...systemClock, now: () => Date.now() + aheadMs }
      const serials = new Set<string>()
      // The serial number of an identity is the second in which it was made: here it tells whose a connection is. So far apart, those
      // that are made anew meanwhile do not meet either.
      const issue = createIdentitySource({
        target: target(),
        key: rig.tunnelKey,
        change: () => ({ nowMs: clock.now() - index * apartMs, ...request() }),
      })
      const identity: IdentitySource = async (signal) => {
        const issued = await issue(signal)
        serials.add(new X509Certificate(issued.certificatePem).serialNumber)
        return issued
      }
      const driveId = `bad-${index}`
      const start = () => refusalOf(rig.makeBridge({ spec: { driveId }, identity, clock }))
      let error = await start()
      // Its own limits are those of engines that are not emulated.
      if (error?.code === 'engine-timeout') error = await start()
      const seen = target().target.connections.filter(({ verdict }) =>
        serials.has(verdict.identity?.certificate.serialNumber ?? ''),
      )
      const left = await rig.engine.listContainers({
        [bridgeLabels.installation]: rig.spec.installationId,
        [bridgeLabels.driveId]: driveId,
      })
      return { error, refusals: seen.map(({ verdict }) => verdict.refusals), containersLeft: left.length }
    }

    test.each(badIdentities)('because of $what lets no bridge start, and says why', (bad) => {
      const { code, title, refusals, args } = bad
      const outcome = outcomes.get(bad)!
      expect(outcome.error).toMatchObject({ code, args: args ?? { fileSystemId: rig.spec.fileSystemId } })
      expect(messageFor(outcome.error!)).toMatchObject({ title })
      expect(outcome.refusals.length).toBeGreaterThan(0)
      expect(outcome.refusals).toEqual(outcome.refusals.map(() => refusals))
      expect(outcome.containersLeft).toBe(0)
    })
  })

  test('is of no use to an engine whose clock is days behind, and the clocks are named', async () => {
    await rig.vm.exec(`date --set=@${Math.round(Date.now() / 1000) - 48 * 3600}`)
    const error = await refusalOf(rig.makeBridge())
    await rig.vm.resume()
    expect(error).toMatchObject({ code: 'clock-skewed', args: { skewMinutes: 48 * 60 } })
    expect(messageFor(error!)).toMatchObject({ title: 'The clocks do not agree' })
  })

  test('may be refused and granted again while a bridge runs, which recovers by itself', async () => {
    const bridge = await rig.startBridge({ identity: source() })
    const drive = new Drive(stack.use(bridge.backend()))
    await drive.put('/before', 'written before')

    // Somebody takes the permission away and gives it back.
    decree(withActions())
    await becomes(bridge, 'access-denied')
    expect(lastRefusals()).toEqual(['mount-not-allowed'])
    decree(withActions(...allClientActions))
    await becomes(bridge, undefined)
    expect(await drive.getText('/before')).toBe('written before')

    // The key is deleted, and somebody signs in again.
    const renewed = { ...examplePrincipal, accessKeyId: 'ASIARENEWEDEXAMPLE00' }
    change = () => ({ credentials: credentialsOf(examplePrincipal) })
    decree({ principals: [renewed] })
    await becomes(bridge, 'access-denied')
    expect(lastRefusals()).toEqual(['key-id-unknown'])
    change = () => ({})
    bridge.bridge.nudge('user')
    await becomes(bridge, undefined)
    await drive.put('/after', 'written after')
    expect(await drive.getText('/before')).toBe('written before')
    await bridge.stop()
    target().changeAuthority({ principals: [examplePrincipal] })
  })

  test('that may not write reads, and is told so when it writes', async () => {
    const bridge = await rig.startBridge()
    const drive = new Drive(stack.use(bridge.backend()))
    await drive.put('/file', 'content')
    const { connections } = target().target
    const countBefore = connections.length
    decree(withActions('s3files:ClientMount', 's3files:ClientRootAccess'))
    await waitFor(() => connections.length > countBefore && connections.at(-1)?.isOpen, {
      what: 'another connection',
      limitMs,
    })
    expect(await drive.getText('/file')).toBe('content')
    const code = await codeOf(drive.put('/file', 'other content'))
    expect(code).toBe('read-only')
    expect(await codeOf(drive.makeDirectory('/directory'))).toBe(code)
    expect(bridge.bridge.state()).toEqual({ kind: 'ready' })
    decree({ principals: [examplePrincipal] })
    await waitFor(() => drive.put('/file', 'other content').then(yes, no), { what: 'the right to', limitMs })
    expect(await drive.getText('/file')).toBe('other content')
    await bridge.stop()
  })

  test('is renewed under load without a failed call, and the next connection shows the new one', async () => {
    const bridge = await rig.startBridge()
    const drive = new Drive(stack.use(bridge.backend()))
    const { connections } = target().target
    const enough = new AbortController()
    let calls = 0
    const work = async (lane: number) => {
      const content = patterned(300_000, lane)
      while (!enough.signal.aborted) {
        await drive.put(`/lane-${lane}`, content)
        expect((await drive.get(`/lane-${lane}`)).equals(content)).toBe(true)
        calls += 2
      }
    }
    const load = Promise.all([1, 2, 3].map(work))
    load.catch(() => enough.abort())
    for (let round = 1; round <= 3; round += 1) {
      // Its serial number is the second in which it was made.
      change = () => ({ nowMs: Date.now() + round * 2_000 })
      const renewed = await source()(enough.signal)
      const before = calls
      await bridge.putIdentity(renewed)
      await waitFor(() => calls >= before + 6, { what: 'calls after the renewal', limitMs })
      target().link.endConnections(round % 2 === 0 ? 'reset' : 'close')
      const { serialNumber } = new X509Certificate(renewed.certificatePem)
      await waitFor(() => connections.at(-1)?.verdict.identity?.certificate.serialNumber === serialNumber, {
        what: 'a connection with the new certificate',
        limitMs,
      })
      await waitFor(() => calls >= before + 18, { what: 'calls over the new connection', limitMs })
    }
    change = () => ({})
    enough.abort()
    await load
    expect(connections.at(-1)?.verdict.refusals).toEqual([])
    await bridge.stop()
  })
})

function credentialsOf({ accessKeyId, secretAccessKey, session }: Principal) {
  return { accessKeyId, secretAccessKey, sessionToken: session?.token }
}

const yes = () => true
const no = () => false
