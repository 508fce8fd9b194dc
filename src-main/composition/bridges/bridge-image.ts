import { fileURLToPath } from 'node:url'

import type { BridgeImage } from '../../services/bridge/bridge.ts'

/** Where tests and developers say what the image is built on, and with which tunnel. */
const buildArgumentVariables = {
  BASE_IMAGE: 'MOUNTBAR_BRIDGE_BASE_IMAGE',
  TUNNEL: 'MOUNTBAR_BRIDGE_TUNNEL',
} as const

/** The image that is built from what lies beside the running program. */
export function bridgeImageOf({
  programUrl,
  env,
}: {
  readonly programUrl: string
  readonly env: Readonly<Record<string, string | undefined>>
}): BridgeImage {
  const args = Object.entries(buildArgumentVariables).flatMap(([name, variable]) => {
    const value = env[variable]
    return value === undefined || value === '' ? [] : [[name, value] as const]
  })
  return {
    kind: 'build',
    contextDir: fileURLToPath(new URL('./bridge/', programUrl)),
    args: Object.fromEntries(args),
  }
}
