import { z } from 'zod'

/**
 * What can go wrong in a bridge, by code. Both sides share this list; the Mac side translates it into its own codes once.
 * The first group are answers to a single file operation, the others say why the bridge as a whole is not ready.
 */
export const bridgeErrorCodes = [
  // One file operation
  'not-found',
  'already-exists',
  'not-a-directory',
  'is-a-directory',
  'parent-missing',
  'permission-denied',
  'read-only',
  'outside-root',
  'name-too-long',
  'file-too-large',
  'no-space',
  'busy',
  'cancelled',
  'stalled',
  'backend-failed',
  // What arrives at the agent
  'unauthorized',
  'bad-request',
  'start-line-invalid',
  // The tunnel: efs-proxy's words, sorted
  'tunnel-missing',
  'tunnel-exited',
  'tunnel-identity-unreadable',
  'tunnel-port-taken',
  'server-unresolved',
  'server-unreachable',
  'server-refused',
  'server-closed',
  'server-untrusted',
  'server-name-wrong',
  // The mount
  'access-denied',
  'mount-path-missing',
  'mount-timeout',
  'mount-failed',
  'kernel-without-nfs',
  'mount-not-permitted',
  'mount-lost',
] as const

export const bridgeErrorCodeSchema = z.enum(bridgeErrorCodes)
export type BridgeErrorCode = z.output<typeof bridgeErrorCodeSchema>

/** `args` fill the sentence a person reads: names, limits, a program's last words. Never a secret. */
export const bridgeErrorSchema = z.object({
  code: bridgeErrorCodeSchema,
  args: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
})
export type BridgeErrorBody = z.output<typeof bridgeErrorSchema>
