import { z } from 'zod'

import { awsPatterns } from '../aws-patterns.ts'
import type { SerializedError } from '../errors.ts'

/** How a Mac gets to a file system that a stack of ours made. */
export const waysIn = ['nlb', 'private', 'ssm'] as const
export type WayIn = (typeof waysIn)[number]

/** Which stack: with whose credentials, where, called what. */
export const stackRefSchema = z.strictObject({
  profile: z.string().min(1).max(256).optional(),
  region: z.string().regex(awsPatterns.region),
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/),
})
export type StackRef = z.output<typeof stackRefSchema>

export const newStackSchema = z.strictObject({
  ...stackRefSchema.shape,
  /** Of a new one: AWS finds a name where none is given. */
  bucket: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('new'), name: z.string().min(3).max(63).optional() }),
    z.strictObject({ kind: z.literal('existing'), name: z.string().min(3).max(63) }),
  ]),
  /** In the bucket; empty for all of it. */
  prefix: z.string().max(512).default(''),
  wayIn: z.enum(waysIn),
})
export type NewStack = z.output<typeof newStackSchema>

/** A stack on its way, or just arrived: shown until it is dismissed. */
export interface StackProgress {
  readonly ref: StackRef
  readonly wayIn: WayIn
  readonly state: StackProgressState
}

export type StackProgressState =
  | { readonly kind: 'planning' }
  /** Waits for a person to say yes. */
  | { readonly kind: 'planned'; readonly plan: StackPlan }
  /** `step` in words; `fraction` from 0 to 1. */
  | { readonly kind: 'deploying'; readonly step: string; readonly fraction: number }
  | { readonly kind: 'cancelling' }
  /** Everything that a drive of it needs. */
  | { readonly kind: 'deployed'; readonly choice: StackChoice }
  | { readonly kind: 'failed'; readonly error: SerializedError }

export interface StackPlan {
  readonly changes: readonly {
    readonly action: 'create' | 'change' | 'replace' | 'remove'
    /** "Bucket photos", "Load balancer" … */
    readonly what: string
  }[]
  /** US dollars, without what is stored and moved. */
  readonly monthlyUsd: number
  /** What to know before saying yes, as sentences. */
  readonly warnings: readonly string[]
}

/** A stack that is there, with what its outputs tell. */
export interface StackChoice {
  readonly name: string
  readonly status: string
  readonly wayIn: WayIn
  /** Absent until the stack has them. */
  readonly fileSystem:
    | {
        readonly fileSystemId: string
        readonly accessPointId: string
        readonly bucket: string
        readonly prefix: string
        readonly server: { readonly host: string; readonly port: number }
        /** With the way in `ssm`: which instance forwards to `server`. */
        readonly throughInstanceId?: string | undefined
      }
    | undefined
}
