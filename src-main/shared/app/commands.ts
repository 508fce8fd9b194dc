import { z } from 'zod'

import { writeModeSchema } from '../front-protocol.ts'
import { awsPatterns } from '../aws-patterns.ts'
import { linkIds, notificationKinds } from './snapshot.ts'
import { newStackSchema, stackRefSchema } from './stacks.ts'

/**
 * Everything a window may ask of main, by name, with the shape of what it sends. Main parses each request by these; a request that does not fit
 * is refused with `message-invalid`. What comes back is in `answers.ts`.
 */
const driveId = z.string().min(1).max(64)
const path = z.string().min(1).max(4_096)
const profile = z.string().min(1).max(256)
const region = z.string().regex(awsPatterns.region)
const fileSystemId = z.string().regex(awsPatterns.fileSystemId)
const nothing = z.strictObject({})
const ofDrive = z.strictObject({ driveId })
const ofUpload = z.strictObject({ driveId, id: z.number().int() })

export const driveChangesSchema = z.strictObject({
  name: z.string().min(1).max(200).optional(),
  mountPoint: path.optional(),
  readOnly: z.boolean().optional(),
  autoMount: z.boolean().optional(),
  writeMode: writeModeSchema.optional(),
  contentCacheBytes: z.number().int().nonnegative().optional(),
  spoolMaxBytes: z.number().int().positive().optional(),
})

export const newFileSystemSchema = z.strictObject({
  name: z.string().min(1).max(200),
  profile: profile.optional(),
  region,
  fileSystemId,
  accessPointId: z.string().regex(awsPatterns.accessPointId).optional(),
  remotePath: path.startsWith('/').default('/'),
  server: z.strictObject({ host: z.string().min(1).max(255), port: z.number().int().min(1).max(65_535) }),
  throughInstanceId: z.string().regex(awsPatterns.instanceId).optional(),
})

export const commandSchemas = {
  'snapshot.get': nothing,

  'drive.mount': ofDrive,
  /** Also ends a mount that is under way. `wait`: until what was saved has been delivered. */
  'drive.unmount': z.strictObject({ driveId, force: z.boolean(), wait: z.boolean() }),
  /** Lets this machine's public address in to the drive's load balancer, in place of the one before; then the drive tries again. */
  'drive.let-in': ofDrive,
  'drive.reveal': ofDrive,
  'drive.copy-path': ofDrive,
  'drive.open-console': ofDrive,
  'drive.change': z.strictObject({ driveId, changes: driveChangesSchema }),
  'drive.remove': z.strictObject({ driveId, discardUploads: z.boolean() }),
  /** The Sandbox's own folder where none is given. */
  'drive.add-sandbox': z.strictObject({ dir: path.optional(), mount: z.boolean() }),
  'drive.add-file-system': z.strictObject({ fileSystem: newFileSystemSchema, mount: z.boolean() }),

  'upload.retry': ofUpload,
  'upload.discard': ofUpload,
  /** Asks for a place in a dialog of the system. */
  'upload.export': ofUpload,
  /** Shows a file of a mounted drive, or the two of a conflict. */
  'file.reveal': z.strictObject({ driveId, paths: z.array(path).min(1).max(2) }),

  'account.sign-in': z.strictObject({ profile, method: z.enum(['browser', 'device']) }),
  'account.cancel-sign-in': z.strictObject({ profile }),
  'account.sign-out': z.strictObject({ profile }),
  /** Without `value` the question is declined. */
  'prompt.answer': z.strictObject({ id: z.string().max(256), value: z.string().max(64).optional() }),

  'lookup.file-systems': z.strictObject({ profile: profile.optional(), region }),
  'lookup.ways-in': z.strictObject({ profile: profile.optional(), region, fileSystemId }),

  'lookup.stacks': z.strictObject({ profile: profile.optional(), region }),

  /** Looks what deploying would change; the answer comes as the snapshot's `stacks`. Deploys nothing. */
  'stack.plan': z.strictObject({ stack: newStackSchema }),
  'stack.deploy': z.strictObject({ ref: stackRefSchema }),
  /** Of a plan: drops it. Of a deployment: has AWS take back what was made. */
  'stack.cancel': z.strictObject({ ref: stackRefSchema }),
  /** Shows it no longer. */
  'stack.dismiss': z.strictObject({ ref: stackRefSchema }),

  'engine.choose': z.strictObject({ address: path.optional() }),
  'engine.look-again': nothing,

  'settings.change': z.strictObject({
    openAtLogin: z.boolean().optional(),
    updateChannel: z.enum(['stable', 'beta']).optional(),
    notifications: z.partialRecord(z.enum(notificationKinds), z.boolean()).optional(),
  }),

  'app.open-link': z.strictObject({ link: z.enum(linkIds) }),
  'app.show-logs': nothing,
  /** Asks for a place in a dialog of the system. */
  'app.save-diagnostics': nothing,
  'app.reset': nothing,
  'app.install-update': nothing,
  'app.quit': nothing,
  /** A folder chosen in a dialog of the system. */
  'dialog.choose-folder': z.strictObject({ title: z.string().max(100) }),
  /** What the popover's content needs, in CSS pixels. */
  'popover.resize': z.strictObject({ height: z.number().int().min(1).max(4_000) }),
  'popover.hide': nothing,
} as const

export type CommandName = keyof typeof commandSchemas
export type CommandInput<K extends CommandName> = z.input<(typeof commandSchemas)[K]>
export type CommandPayload<K extends CommandName> = z.output<(typeof commandSchemas)[K]>
