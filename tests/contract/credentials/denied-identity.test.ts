import { X509Certificate } from 'node:crypto'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { joinIdentity } from '../../../src-main/composition/bridges/join-identity.ts'
import { createEmitter, type Emitter } from '../../../src-main/lib/event.ts'
import { silentLogger } from '../../../src-main/lib/logger.ts'
import type { Bridge } from '../../../src-main/services/bridge/bridge.ts'
import { createBridge } from '../../../src-main/services/bridge/create-bridge.ts'
import { keepIdentity } from '../../../src-main/services/credentials/keep-identity.ts'
import type { AppError } from '../../../src-main/shared/errors.ts'
import type { FakeAgent } from '../../fakes/fake-agent.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { FakeEngine } from '../../fakes/fake-engine.ts'
import { bridgeSpec } from '../../fixtures/bridge-spec.ts'
import { keyLines, startLocalAws, type LocalAws } from '../../harness/aws/local-aws.ts'
import { countActions } from '../../harness/aws/sts.ts'
import { decodeIdentity } from '../../harness/s3files/identity/decode-identity.ts'
import { waitFor } from '../../harness/wait-for.ts'

const signal = new AbortController().signal

let clock: FakeClock
let aws: LocalAws
let engine: FakeEngine
let bridge: Bridge
let ends: DisposableStack

beforeEach(async () => {
  clock = new FakeClock()
  // The SDK signs by the system's date.
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(clock.now())
  aws = await startLocalAws({ clock })
  const role = aws.account.addRole('reader', { trusts: ['*'] })
  await aws.writeCredentials(`[default]\n${keyLines(aws.account.addUser('ann'))}`)
  await aws.writeConfig(`[profile work]\nrole_arn = ${role.arn}\nsource_profile = default\n`)
  engine = new FakeEngine(clock)
  engine.images.add('mountbar-bridge:test')
  ends = new DisposableStack()
  const renewable: Emitter<void> = createEmitter()
  const { fileSystemId, region } = bridgeSpec
  const kept = ends.use(
    keepIdentity({
      sessions: aws.credentials.sessions,
      profile: 'work',
      fileSystemId,
      region,
      commonName: 'bridge',
      clientInfo: { source: 'mountbar', version: '1' },
      clock,
      onRenewable: () => renewable.fire(),
    }),
  )
  const identity = { denied: (error: AppError) => kept.denied(error), renewable }
  const issue = (one: AbortSignal) => kept.issue(one)
  bridge = createBridge(bridgeSpec, { engine, identity: issue, clock, log: silentLogger, random: () => 0 })
  ends.use(joinIdentity({ bridge, identity, clock }))
})
afterEach(async () => {
  await bridge.stop()
  engine.dispose()
  ends[Symbol.dispose]()
  await aws[Symbol.asyncDispose]()
  vi.useRealTimers()
})

test('a tunnel that AWS does not let in gets an identity from other credentials at once', async () => {
  await bridge.start(signal)
  const agent = engine.one('agent').agent!
  await waitFor(() => agent.listenerCount > 0, { what: 'the bridge to listen' })
  const first = (JSON.parse(engine.one('tunnel').line!) as Started).identity
  agent.become('failed', { code: 'access-denied', args: {} })
  await waitFor(() => agent.identities.length === 1, { what: 'another identity' })
  expect(keyIdOf(identityOf(agent, 0))).not.toBe(keyIdOf(first))
  expect(countActions(aws.sts.requests, 'AssumeRole')).toBe(2)
  expect(aws.credentials.sessions.stateOf('work').kind).toBe('valid')
})

test('where other credentials do not help either, AWS is not asked for more in the same minute', async () => {
  await bridge.start(signal)
  const agent = engine.one('agent').agent!
  await waitFor(() => agent.listenerCount > 0, { what: 'the bridge to listen' })
  const denied = { code: 'access-denied', args: {} } as const
  agent.become('failed', denied)
  await waitFor(() => agent.identities.length === 1, { what: 'another identity' })
  agent.become('connecting')
  agent.become('failed', denied)
  agent.become('connecting')
  agent.become('ready')
  await waitFor(() => bridge.state().kind === 'ready', { what: 'the last state' })
  expect(countActions(aws.sts.requests, 'AssumeRole')).toBe(2)
})

interface Started {
  readonly identity: { readonly certificatePem: string }
}

function identityOf(agent: FakeAgent, index: number): Started['identity'] {
  return agent.identities[index] as Started['identity']
}

function keyIdOf({ certificatePem }: Started['identity']): string | undefined {
  return decodeIdentity(new X509Certificate(certificatePem).raw).clientAuth?.accessKeyId
}
