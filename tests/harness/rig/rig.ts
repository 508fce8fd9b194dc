import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { redact } from '../../../src-main/core/redact.ts'
import { systemClock, type Clock } from '../../../src-main/lib/clock.ts'
import { createLogger } from '../../../src-main/lib/logger.ts'
import type { BridgeSpec } from '../../../src-main/services/bridge/bridge.ts'
import type { IdentitySource } from '../../../src-main/services/bridge/ports.ts'
import { generateTunnelKey, type TunnelKey } from '../../../src-main/services/credentials/tunnel-key.ts'
import { createDockerEngine } from '../../../src-main/services/engine/docker-engine.ts'
import { parseEngineAddress } from '../../../src-main/services/engine/engine-address.ts'
import type { Engine } from '../../../src-main/services/engine/engine.ts'
import { startGanesha, type NfsServer } from '../nfs/ganesha.ts'
import { startS3Files, type S3FilesOptions, type S3FilesSimulator } from '../s3files/start-s3-files.ts'
import { makeTempDir } from '../temp-dir.ts'
import type { AttachedVm } from '../vm/attach-vm.ts'
import { createIdentitySource } from './identity-source.ts'
import { RigBridge } from './rig-bridge.ts'
import { rigSpec } from './rig-spec.ts'
import { resetVm } from './reset-vm.ts'

export interface RigOptions {
  /** The VM; whoever lends it keeps it. */
  readonly vm: AttachedVm
  /** More of the simulator's own. After two seconds of quiet a file is exported. */
  readonly s3Files?: Partial<Omit<S3FilesOptions, 'nfs' | 'exportDir'>>
}

export interface RigBridgeOptions {
  readonly spec?: Partial<BridgeSpec>
  /** Good ones for the simulator's authority unless told otherwise. */
  readonly identity?: IdentitySource
  /** This machine's, as the bridge service sees it. */
  readonly clock?: Clock
}

/** All real but AWS: an engine in a VM, an NFSv4.2 server with S3 Files around it, and bridges between the two. */
export interface Rig extends AsyncDisposable {
  readonly vm: AttachedVm
  readonly engine: Engine
  /** What the NFS server serves, and S3 Files exports. */
  readonly exportDir: string
  readonly nfs: NfsServer
  readonly s3Files: S3FilesSimulator
  /** One of the installation's, for identities of a test's own. */
  readonly tunnelKey: TunnelKey
  /** Every line that our services have logged. */
  readonly logLines: readonly string[]
  /** As the drive of this rig has it. */
  readonly spec: BridgeSpec
  /** One that is not there yet. Stopped with the rig. */
  makeBridge(options?: RigBridgeOptions): RigBridge
  /** Resolves when its file system is mounted. Each needs a drive id of its own while others run. */
  startBridge(options?: RigBridgeOptions): Promise<RigBridge>
}

/** @throws with the words of whatever did not start; nothing is left then. */
export async function startRig({ vm, s3Files: more }: RigOptions): Promise<Rig> {
  await using stack = new AsyncDisposableStack()
  await resetVm(vm)
  const temp = stack.use(await makeTempDir('rig'))
  const exportDir = join(temp.dir, 'export')
  await mkdir(exportDir)
  const nfs = stack.use(await startGanesha({ dir: join(temp.dir, 'nfs'), exportDir }))
  const s3Files = stack.use(
    await startS3Files({
      nfs: { host: '127.0.0.1', port: nfs.port },
      exportDir,
      quietMs: 2_000,
      scanEveryMs: 500,
      ...more,
    }),
  )
  const tunnelKey = await generateTunnelKey()
  const engine = createDockerEngine(parseEngineAddress(vm.dockerHost))
  const spec = rigSpec(s3Files.mountTarget)
  const logLines: string[] = []
  const log = createLogger({
    sink: (line) => void logLines.push(line),
    level: 'debug',
    format: 'text',
    redact,
    clock: systemClock,
  })
  const goodIdentity = createIdentitySource({ target: s3Files.mountTarget, key: tunnelKey })
  const bridges = stack.adopt(new Set<RigBridge>(), async (all) => {
    await Promise.all([...all].map((bridge) => bridge.stop()))
  })
  const makeBridge = ({
    spec: change,
    identity = goodIdentity,
    clock = systemClock,
  }: RigBridgeOptions = {}) => {
    const bridge = new RigBridge(
      { ...spec, ...change },
      { engine, identity, clock, log, random: Math.random },
    )
    bridges.add(bridge)
    return bridge
  }
  const owned = stack.move()
  return {
    vm,
    engine,
    exportDir,
    nfs,
    s3Files,
    tunnelKey,
    logLines,
    spec,
    makeBridge,
    startBridge: async (options) => {
      const bridge = makeBridge(options)
      await bridge.start()
      return bridge
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
