import { z } from 'zod'

import { bearerTokenSchema } from '../../api/start.ts'

/** What the agent tells its file service: one JSON line on stdin, which stays open; its end ends the file service. */
export const fileServiceStartSchema = z.object({
  token: bearerTokenSchema,
  /** Where the file system is mounted. It must be by now: whether this is a mount point is looked at once. */
  rootDir: z.string().startsWith('/'),
  /** 0 for one of the system's choice. */
  port: z.number().int().min(0).max(65_535),
  host: z.string().min(1).default('0.0.0.0'),
  readOnly: z.boolean().default(false),
  /**
   * Whose temporary files this service's are. The same for every file service of one agent, another for every agent: what an earlier one of
   * the same agent left behind is removed as soon as it is seen, what others left only after a day.
   */
  instanceId: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
})
export type FileServiceStart = z.output<typeof fileServiceStartSchema>
export type FileServiceStartInput = z.input<typeof fileServiceStartSchema>

/** What the file service says on stdout, one JSON value a line. */
export type FileServiceLine =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly text: string }
