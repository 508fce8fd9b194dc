import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'

import type { BridgeImage, BridgeSpec } from '../../../src-main/services/bridge/bridge.ts'
import type { SimulatedTarget } from '../s3files/start-mount-target.ts'
import { baseImage } from '../vm/build-vm.ts'

/** The Dockerfile that users get, on what the VM has: neither Amazon's images nor its packages are at hand. */
export const rigImage: BridgeImage = {
  kind: 'build',
  contextDir: fileURLToPath(new URL('../../../out/bridge', import.meta.url)),
  args: { BASE_IMAGE: baseImage, TUNNEL: 'stunnel' },
}

/** A drive of an installation of its own, whose tunnel goes to `target`, a server on this machine. */
export function rigSpec(target: SimulatedTarget): BridgeSpec {
  const { fileSystemId, region } = target.authority
  return {
    driveId: 'rig',
    installationId: randomUUID(),
    fileSystemId,
    region,
    remotePath: '/',
    readOnly: false,
    route: {
      kind: 'tunnel',
      connect: { host: 'host.docker.internal', port: target.port },
      tlsName: target.tlsName,
      caPem: target.caPem,
    },
    image: rigImage,
  }
}
