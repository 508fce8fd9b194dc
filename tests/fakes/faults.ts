import { z } from 'zod'

import type { Backend } from '../../src-main/front/vfs/backend.ts'
import { errorCodes } from '../../src-main/shared/errors.ts'

export const backendMethods = [
  'list',
  'stat',
  'read',
  'write',
  'makeDirectory',
  'move',
  'remove',
  'statfs',
] as const satisfies readonly (keyof Backend)[]
export type BackendMethod = (typeof backendMethods)[number]

const code = z.enum(errorCodes)
const afterBytes = z.number().int().nonnegative()

/** What goes wrong with a call. Plain data, so that another process can be told. */
export const effectSchema = z.discriminatedUnion('kind', [
  /** The call takes longer: `latencyMs`, and up to `jitterMs` more. */
  z.object({ kind: z.literal('latency'), latencyMs: z.number(), jitterMs: z.number().default(0) }),
  /** The call does nothing until the fault is lifted, then goes on as if nothing had been. */
  z.object({ kind: z.literal('stall') }),
  /** The call fails without having done anything. */
  z.object({ kind: z.literal('error'), code }),
  /** The call does its work, and then its answer is lost. */
  z.object({ kind: z.literal('lost-answer'), code }),
  /** The body that is read ends early, as if that were all. */
  z.object({ kind: z.literal('short-read'), afterBytes }),
  /** The body breaks off with `code` in the middle, read or written. */
  z.object({ kind: z.literal('disconnect'), afterBytes, code }),
  /** The body, read or written, stands still in the middle until the fault is lifted. */
  z.object({ kind: z.literal('body-stall'), afterBytes }),
  /** The body, read or written, moves in pieces of `chunkBytes`, one every `everyMs` until the fault is lifted. */
  z.object({ kind: z.literal('drip'), chunkBytes: z.number().int().positive(), everyMs: z.number() }),
])
export type Effect = z.output<typeof effectSchema>

export const faultSchema = z.object({
  effect: effectSchema,
  /** Which calls it meets; every method when absent. */
  methods: z.array(z.enum(backendMethods)).optional(),
  /** A regular expression on the call's path, for a move on either; every path when absent. */
  path: z.string().optional(),
  /** How many calls it meets before it is gone by itself; no end when absent. */
  times: z.number().int().positive().optional(),
})
export type Fault = z.output<typeof faultSchema>
export type FaultInput = z.input<typeof faultSchema>
