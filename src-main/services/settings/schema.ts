import { z } from 'zod'

import { notificationKinds } from '../../shared/app/snapshot.ts'
import { awsPatterns } from '../../shared/aws-patterns.ts'
import { pathSecretSchema, writeModeSchema } from '../../shared/front-protocol.ts'

/**
 * The version this program writes. A change of the shape raises it and adds a step to `migrations.ts`; from the first release on, so does
 * every new field or kind, because an older program takes what it does not know for damage.
 */
export const settingsVersion = 4

/** What every drive has, whatever is behind it. */
const commonDriveShape = {
  /** Names the drive's folders and sockets, so: short, lower case, no separators. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,18}$/),
  name: z.string().min(1).max(255),
  /** Absolute; the default place below the app's own folder when absent. */
  mountPoint: z.string().startsWith('/').optional(),
  /** With `pathSecret` part of the volume's identity: macOS knows a mount by its URL, so both stay for the drive's life. */
  port: z.number().int().min(1).max(65_535),
  pathSecret: pathSecretSchema,
  readOnly: z.boolean(),
  writeMode: writeModeSchema,
  metadataTtlMs: z.number().int().nonnegative().optional(),
  /** What the drive may take of this machine's disk; the front's defaults (20 GiB, all but 5 GiB, 5 GiB) where absent. */
  spoolMaxBytes: z.number().int().positive().optional(),
  diskReserveBytes: z.number().int().nonnegative().optional(),
  contentCacheBytes: z.number().int().nonnegative().optional(),
  /** Mounted when the app starts. */
  autoMount: z.boolean().optional(),
}

const sandboxDriveSchema = z.strictObject({
  ...commonDriveShape,
  kind: z.literal('sandbox'),
  /** Absolute; the folder the drive shows. */
  sourceDir: z.string().startsWith('/'),
})

/** Which file system, as whom, and how to get there. Nothing secret: that is in AWS's own files. */
export const fileSystemSchema = z.strictObject({
  fileSystemId: z.string().regex(awsPatterns.fileSystemId),
  region: z.string().regex(awsPatterns.region),
  accessPointId: z.string().regex(awsPatterns.accessPointId).optional(),
  /** The folder of the file system that the drive shows. */
  remotePath: z.string().startsWith('/').default('/'),
  /** Where TLS connects to: a load balancer before the mount target, its own address over a VPN, a forwarded port. */
  server: z.strictObject({
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535).default(2049),
  }),
  /** With the way in `ssm`: the instance that forwards to `server`, which is then an address of its network. */
  throughInstanceId: z.string().regex(awsPatterns.instanceId).optional(),
  /** A profile of `~/.aws/config`; the default one where absent. */
  profile: z.string().min(1).optional(),
  /** Who signed the server's certificate, as a PEM file, where it was not Amazon: a simulator. */
  caPath: z.string().startsWith('/').optional(),
})

const s3FilesDriveSchema = z.strictObject({
  ...commonDriveShape,
  kind: z.literal('s3files'),
  fileSystem: fileSystemSchema,
})

export const driveSettingsSchema = z.discriminatedUnion('kind', [sandboxDriveSchema, s3FilesDriveSchema])

export const settingsSchema = z.strictObject({
  version: z.literal(settingsVersion),
  drives: z.array(driveSettingsSchema).readonly(),
  updateChannel: z.enum(['stable', 'beta']),
  /** Those that a person has switched off, or on again; what is absent is on. */
  notifications: z.partialRecord(z.enum(notificationKinds), z.boolean()),
  /** Address of the container engine that a person chose; whichever is found where absent. */
  engine: z.string().min(1).optional(),
})

export type DriveSettings = Readonly<z.output<typeof driveSettingsSchema>>
export type Settings = Readonly<z.output<typeof settingsSchema>>

export const emptySettings: Settings = {
  version: settingsVersion,
  drives: [],
  updateChannel: 'stable',
  notifications: {},
}
