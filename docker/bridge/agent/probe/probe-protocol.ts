import { z } from 'zod'

/** What a probe process is told, one line for each probe: it answers each with one line. */
export const probeRequest = 'probe\n'

export const probeLineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('answered'), roundTripMs: z.number() }),
  /** `code` is the system's; `not-nfs` when the folder is not the mount any more. */
  z.object({ type: z.literal('failed'), code: z.string() }),
])
export type ProbeLine = z.output<typeof probeLineSchema>
