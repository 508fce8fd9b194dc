import { z } from 'zod'

import { preparingSteps } from '../../shared/drive-state.ts'
import { errorCodes } from '../../shared/errors.ts'

const errorSchema = z.object({
  code: z.enum(errorCodes),
  args: z.record(z.string(), z.union([z.string(), z.number()])),
})

/** What a keeper tells the command that started it, over Node's IPC channel, until the drive is mounted or has failed. */
export const keeperMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('step'), step: z.enum(preparingSteps) }),
  z.object({
    type: z.literal('mounted'),
    url: z.string(),
    mountPoint: z.string(),
    port: z.number().int(),
    formerPort: z.number().int().optional(),
  }),
  z.object({
    type: z.literal('failed'),
    error: errorSchema,
  }),
  /** A person is needed. The keeper goes on when it has an answer. */
  z.object({ type: z.literal('mfa-wanted'), profile: z.string(), serial: z.string(), role: z.string() }),
])

/** What the command answers. The code is good for one use, and goes no further than AWS. */
export const commandMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('mfa-code'), code: z.string() }),
  z.object({ type: z.literal('mfa-refused'), error: errorSchema }),
])

export type CommandMessage = z.output<typeof commandMessageSchema>
export type KeeperMessage = z.output<typeof keeperMessageSchema>
export type MountedMessage = Extract<KeeperMessage, { type: 'mounted' }>
