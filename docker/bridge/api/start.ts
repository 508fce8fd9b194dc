import { z } from 'zod'

/**
 * What a container of a bridge is told: one JSON line on stdin, which stays open; its end ends the container. Nothing of it
 * may stand in an environment, an argument list, a label or an image.
 */

/** The certificate and key that open one file system for a few hours. PEM. */
export const tunnelIdentitySchema = z.object({
  certificatePem: z.string().min(1),
  privateKeyPem: z.string().min(1),
  /** Milliseconds since 1970; the identity opens no new connection after it. */
  expiresAtMs: z.number(),
})
export type TunnelIdentity = z.output<typeof tunnelIdentitySchema>

export const bearerTokenSchema = z.string().regex(/^[0-9a-f]{64}$/)

/** A bridge without a tunnel speaks NFS straight to a server in a network it can trust (tests, a VPN's far side). */
export const agentStartSchema = z.object({
  role: z.literal('agent'),
  /** For both listeners of the agent and for the tunnel's. */
  token: bearerTokenSchema,
  fileSystemId: z.string().min(1),
  region: z.string().min(1),
  accessPointId: z.string().min(1).optional(),
  /** The folder of the file system that is mounted. */
  remotePath: z.string().startsWith('/').default('/'),
  readOnly: z.boolean().default(false),
  /** Where the kernel connects to; the tunnel beside it unless told otherwise. */
  nfs: z.object({ host: z.string().min(1), port: z.number().int() }).optional(),
  /** Added to the options of S3 Files, which stay as they are. */
  mountOptions: z.array(z.string().regex(/^[a-z0-9_]+(=[a-z0-9._:-]+)?$/)).default([]),
})
export type AgentStart = z.output<typeof agentStartSchema>
export type AgentStartInput = z.input<typeof agentStartSchema>

export const tunnelStartSchema = z.object({
  role: z.literal('tunnel'),
  token: bearerTokenSchema,
  fileSystemId: z.string().min(1),
  region: z.string().min(1),
  /** Where TLS goes to: a mount target, a load balancer before it, the near end of a forwarded port. */
  connect: z.object({ host: z.string().min(1), port: z.number().int().min(1).max(65_535) }),
  /** The name on the server's certificate, which is also the one asked for (SNI): `<fs-id>.s3files.<region>.on.aws`. */
  tlsName: z.string().min(1),
  /** Who may have signed that certificate; Amazon's roots where absent. PEM. */
  caPem: z.string().min(1).optional(),
  identity: tunnelIdentitySchema,
})
export type TunnelStart = z.output<typeof tunnelStartSchema>
export type TunnelStartInput = z.input<typeof tunnelStartSchema>

/** What a container ends with; `docker inspect` keeps it. */
export const bridgeExitCodes = {
  /** Asked to end (SIGTERM or the end of stdin), mount taken down in order. */
  ended: 0,
  /** A bug of ours. */
  crashed: 1,
  /** The line on stdin was missing or not as agreed. */
  startLineInvalid: 64,
  /** The kernel has no NFS client, or this container may not mount: no restart will help. */
  cannotMount: 69,
  /** Ended, but the mount would not go away. */
  mountLeftBehind: 75,
} as const

/** Labels of a container, by which it is found again. */
export const bridgeLabels = {
  driveId: 'mountbar.drive',
  role: 'mountbar.role',
  /** Which installation made it: no other touches it. */
  installation: 'mountbar.installation',
  /** The image and settings it was made from, hashed: another hash, another container. */
  fingerprint: 'mountbar.fingerprint',
} as const

export type BridgeRole = 'agent' | 'tunnel'
