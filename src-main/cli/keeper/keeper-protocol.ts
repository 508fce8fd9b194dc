import { z } from 'zod'

import { preparingSteps } from '../../shared/drive-state.ts'
import { errorCodes } from '../../shared/errors.ts'

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
    error: z.object({
      code: z.enum(errorCodes),
      args: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  }),
])

export type KeeperMessage = z.output<typeof keeperMessageSchema>
export type MountedMessage = Extract<KeeperMessage, { type: 'mounted' }>
