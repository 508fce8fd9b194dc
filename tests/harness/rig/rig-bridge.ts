import { bridgeLabels, type BridgeRole } from '../../../docker/bridge/api/start.ts'
import { driveBridge } from '../../../src-main/composition/bridges/drive-bridge.ts'
import { BridgeAddresses } from '../../../src-main/front/backends/bridge/bridge-address.ts'
import {
  createBridgeBackend,
  type BridgeBackend,
} from '../../../src-main/front/backends/bridge/bridge-backend.ts'
import type { Bridge, BridgeAddress, BridgeSpec } from '../../../src-main/services/bridge/bridge.ts'
import { createControlClient } from '../../../src-main/services/bridge/control-client.ts'
import { createBridge, type BridgeDeps } from '../../../src-main/services/bridge/create-bridge.ts'
import type { IssuedIdentity } from '../../../src-main/services/bridge/ports.ts'
import { asHandedOver } from '../../../src-main/services/bridge/start-lines.ts'
import type { KeptBridge } from '../../../src-main/services/drives/ports.ts'

/** A bridge as the app makes it, and what tests do with one. Disposing stops it. */
export class RigBridge implements AsyncDisposable {
  readonly spec: BridgeSpec
  readonly bridge: Bridge
  /** As drives see it: what fronts are told of it. */
  readonly kept: KeptBridge
  readonly #deps: BridgeDeps

  constructor(spec: BridgeSpec, deps: BridgeDeps) {
    this.spec = spec
    this.#deps = deps
    this.bridge = createBridge(spec, deps)
    this.kept = driveBridge(this.bridge, new DisposableStack())
  }

  start(): Promise<BridgeAddress> {
    return this.bridge.start(new AbortController().signal)
  }

  stop(): Promise<void> {
    return this.bridge.stop()
  }

  /** Its files, over as many lives as it has. */
  backend(): BridgeBackend {
    const addresses = new BridgeAddresses()
    const follow = () => addresses.set(this.kept.report.address)
    const following = this.kept.onReport(follow)
    follow()
    const backend = createBridgeBackend(addresses)
    return {
      ...backend,
      [Symbol.dispose]: () => {
        following[Symbol.dispose]()
        backend[Symbol.dispose]()
      },
    }
  }

  /** Hands `identity` to the tunnel, as a renewal does. @throws when there is no agent. */
  async putIdentity(identity: IssuedIdentity): Promise<void> {
    const address = this.bridge.address()
    if (address === undefined) throw new Error('the bridge has no agent')
    const control = createControlClient(address.controlUrl, address.token)
    await control.putIdentity(asHandedOver(identity), new AbortController().signal)
  }

  /** The id of its container, for those who want to do something to it. @throws when it has none. */
  async containerId(role: BridgeRole): Promise<string> {
    const { driveId, installationId } = this.spec
    const [container] = await this.#deps.engine.listContainers({
      [bridgeLabels.driveId]: driveId,
      [bridgeLabels.installation]: installationId,
      [bridgeLabels.role]: role,
    })
    if (container === undefined) throw new Error(`the bridge has no ${role}`)
    return container.id
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}
