import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { createBridge } from '../../services/bridge/create-bridge.ts'
import type { BridgeImage, BridgeSpec } from '../../services/bridge/bridge.ts'
import { hostNameOf } from '../../services/bridge/container-specs.ts'
import type { S3FilesDrive } from '../../services/drives/drive.ts'
import type { Bridges } from '../../services/drives/ports.ts'
import { createDockerEngine } from '../../services/engine/docker-engine.ts'
import type { EngineSurroundings } from '../../services/engine/find-engines.ts'
import { selectEngine } from '../../services/engine/select-engine.ts'
import type { PreparingStep } from '../../shared/drive-state.ts'
import { AppError, toAppError, type SerializedError } from '../../shared/errors.ts'
import { driveBridge, stepOf } from './drive-bridge.ts'
import { readPem, serverNameOf } from './server-certificate.ts'
import type { DriveIdentity } from './drive-identity.ts'
import { joinIdentity } from './join-identity.ts'
import { watchSource } from './watched-source.ts'

export interface BridgeParts {
  readonly surroundings: EngineSurroundings
  readonly image: BridgeImage
  /** Rejects when it cannot be made or read. */
  readonly installationId: () => Promise<string>
  readonly identityOf: (drive: S3FilesDrive, commonName: string) => DriveIdentity
  readonly clock: Clock
  readonly log: Logger
}

/** Joins engine, bridge and credentials to what drives need of them. */
export function composeBridges(parts: BridgeParts): Bridges {
  const { surroundings, identityOf, clock, log } = parts
  return {
    start: async (drive, { signal, onStep }) => {
      const { engine } = await selectEngine(surroundings, { open: createDockerEngine, log }, signal)
      const { route, ...rest } = await specOf(drive, parts)
      using stack = new DisposableStack()
      const identity = stack.use(identityOf(drive, hostNameOf(rest)))
      await identity.prepare(signal).catch((error: unknown) => {
        throw signal.aborted ? new AppError('cancelled', {}, { cause: error }) : error
      })
      const { access } = identity
      const { issue, explain: bySource } = watchSource(identity.issue, identity.clockError)
      const explain = (error: SerializedError): SerializedError => access.explain(bySource(error))
      const spec = { ...rest, route: { ...route, connect: await access.route(signal) } }
      const bridge = createBridge(spec, {
        engine,
        identity: issue,
        clock,
        log,
        random: Math.random,
      })
      stack.use(joinIdentity({ bridge, identity, clock }))
      let shown: PreparingStep | undefined
      using _steps = bridge.stateChanged.on((state) => {
        const step = stepOf(state)
        if (step === undefined || step === shown) return
        shown = step
        onStep(step)
      })
      await bridge.start(signal).catch(async (reason: unknown) => {
        const error = toAppError(reason)
        const { code, args } = await access.explainNow(bySource(error.toJSON()))
        throw code === error.code ? error : new AppError(code, args, { cause: error })
      })
      return driveBridge(bridge, stack.move(), { explain, explained: access.explained })
    },
  }
}

type TunnelSpec = BridgeSpec & { readonly route: Extract<BridgeSpec['route'], { readonly kind: 'tunnel' }> }

async function specOf(drive: S3FilesDrive, { image, installationId }: BridgeParts): Promise<TunnelSpec> {
  const { fileSystemId, region, accessPointId, remotePath, server, caPath } = drive.fileSystem
  return {
    driveId: drive.id,
    installationId: await installationId(),
    fileSystemId,
    region,
    accessPointId,
    remotePath,
    readOnly: drive.readOnly,
    route: {
      kind: 'tunnel',
      connect: server,
      tlsName: serverNameOf(fileSystemId, region),
      caPem: caPath === undefined ? undefined : await readPem(caPath),
    },
    image,
  }
}
