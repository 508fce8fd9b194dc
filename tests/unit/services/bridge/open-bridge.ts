import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { silentLogger } from '../../../../src-main/lib/logger.ts'
import type { Bridge, BridgeSpec } from '../../../../src-main/services/bridge/bridge.ts'
import { createBridge } from '../../../../src-main/services/bridge/create-bridge.ts'
import type { IdentitySource, IssuedIdentity } from '../../../../src-main/services/bridge/ports.ts'
import { bridgeSpec } from '../../../fixtures/bridge-spec.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { FakeEngine } from '../../../fakes/fake-engine.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'

export const hourMs = 3_600_000

/** Identities `k1`, `k2` …, each good for three hours. */
export class FakeIdentities {
  issued = 0
  /** What the next requests reject with. */
  readonly errors: Error[] = []
  lifeMs = 3 * hourMs
  readonly #clock: FakeClock

  constructor(clock: FakeClock) {
    this.#clock = clock
  }

  readonly source: IdentitySource = () => {
    const error = this.errors.shift()
    if (error !== undefined) return Promise.reject(error)
    this.issued += 1
    return Promise.resolve(this.#issue())
  }

  #issue(): IssuedIdentity {
    const nowMs = this.#clock.now()
    return {
      certificatePem: `certificate ${this.issued}`,
      privateKeyPem: `k${this.issued}`,
      issuedAtMs: nowMs,
      notBeforeMs: nowMs - hourMs,
      expiresAtMs: nowMs + this.lifeMs,
    }
  }
}

export interface OpenBridge extends AsyncDisposable {
  readonly bridge: Bridge
  readonly engine: FakeEngine
  readonly clock: FakeClock
  readonly identities: FakeIdentities
  /** Kinds of state, as they came. */
  readonly states: string[]
}

/** A bridge over an engine without processes, with time that stands still. */
export function openBridge(spec: Partial<BridgeSpec> = {}): OpenBridge {
  const clock = new FakeClock()
  const engine = new FakeEngine(clock)
  engine.images.add('mountbar-bridge:test')
  const identities = new FakeIdentities(clock)
  const deps = { engine, identity: identities.source, clock, log: silentLogger, random: () => 0 }
  const bridge = createBridge({ ...bridgeSpec, ...spec }, deps)
  const states: string[] = []
  bridge.stateChanged.on(({ kind }) => states.push(kind))
  return {
    bridge,
    engine,
    clock,
    identities,
    states,
    [Symbol.asyncDispose]: async () => {
      await bridge.stop()
      engine.dispose()
    },
  }
}

/** A folder as the build makes it. */
export async function makeContext(): Promise<AsyncDisposable & { readonly dir: string }> {
  const temp = await makeTempDir('bridge-context')
  await mkdir(join(temp.dir, 'app'))
  await writeFile(join(temp.dir, 'Dockerfile'), 'FROM scratch\n')
  await writeFile(join(temp.dir, 'app', 'agent.js'), 'one')
  return temp
}

/** A signal that nobody aborts. */
export const never: AbortSignal = new AbortController().signal
