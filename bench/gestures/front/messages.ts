import { z } from 'zod'

/** What the bench says to a delayed front over IPC. Each is answered by one report. */
export const benchCommandSchema = z.enum(['clear', 'report', 'shut', 'open'])
export type BenchCommand = z.output<typeof benchCommandSchema>

const interval = { startMs: z.number(), endMs: z.number().optional() }

/** What happened since the last `clear`, by the front's own monotonic clock. */
export const frontReportSchema = z.object({
  calls: z.array(z.object({ method: z.string(), path: z.string(), ...interval })),
  requests: z.array(z.object(interval)),
})
export type FrontReport = z.output<typeof frontReportSchema>
