import { z } from 'zod'

import { pathSecretSchema, writeModeSchema } from '../../shared/front-protocol.ts'

/** The version this program writes. A change of the shape raises it and adds a step to `migrations.ts`. */
export const settingsVersion = 2

export const driveSettingsSchema = z.strictObject({
  /** Names the drive's folders and sockets, so: short, lower case, no separators. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,18}$/),
  name: z.string().min(1).max(255),
  kind: z.literal('sandbox'),
  /** Absolute; the folder the drive shows. */
  sourceDir: z.string().startsWith('/'),
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
})

export const settingsSchema = z.strictObject({
  version: z.literal(settingsVersion),
  drives: z.array(driveSettingsSchema).readonly(),
})

export type DriveSettings = Readonly<z.output<typeof driveSettingsSchema>>
export type Settings = Readonly<z.output<typeof settingsSchema>>

export const emptySettings: Settings = { version: settingsVersion, drives: [] }
