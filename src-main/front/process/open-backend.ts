import type { Clock } from '../../lib/clock.ts'
import type { BridgeAddress, FrontConfig } from '../../shared/front-protocol.ts'
import { BridgeAddresses } from '../backends/bridge/bridge-address.ts'
import { createBridgeBackend } from '../backends/bridge/bridge-backend.ts'
import { createLocalBackend } from '../backends/local/local-backend.ts'
import { maxPathBytesBelow } from '../backends/local/path-limit.ts'
import type { Backend } from '../vfs/backend.ts'

/** What S3 allows for a key. Longer paths exist in S3 Files, but never reach the bucket. */
const keyMaxBytes = 1_024

/** The backend that a configuration names. Dispose it after whatever uses it. */
export interface OpenedBackend extends Disposable {
  readonly backend: Backend
  /** How long a path may be, without its leading slash. */
  readonly keyMaxBytes: number
  /** False while its bridge is on its way. */
  readonly isThere: boolean
  /** True when it is another one than before. Means nothing to a backend without a bridge. */
  setBridgeAddress(address: BridgeAddress | undefined): boolean
}

/** @throws AppError `source-missing`, `source-not-a-folder`. */
export async function openBackend(config: FrontConfig['backend'], clock: Clock): Promise<OpenedBackend> {
  if (config.kind === 'local') {
    return {
      backend: await createLocalBackend(config),
      keyMaxBytes: maxPathBytesBelow(config.rootDir),
      isThere: true,
      setBridgeAddress: () => false,
      [Symbol.dispose]: () => undefined,
    }
  }
  const addresses = new BridgeAddresses()
  addresses.set(config.report.address)
  const backend = createBridgeBackend(addresses, { clock })
  return {
    backend,
    keyMaxBytes: keyMaxBytes - config.keyPrefixBytes,
    isThere: config.report.address !== undefined,
    setBridgeAddress: (address) => addresses.set(address),
    [Symbol.dispose]: () => backend[Symbol.dispose](),
  }
}
