import { z } from 'zod'

import { errorCodes } from './errors.ts'

/**
 * What a front process and its parent (or a CLI on the control socket) say to each other: one JSON object per line.
 * Every line is parsed by these schemas on arrival, in both directions.
 */

/** The 128-bit path segment that stands before every path of a front: 32 lower-case hex digits. */
export const pathSecretSchema = z.string().regex(/^[0-9a-f]{32}$/)

/** `queued`: a save is answered when it is durable on this machine. `write-through`: when the backend has it. */
export const writeModeSchema = z.enum(['queued', 'write-through'])
export type WriteMode = z.output<typeof writeModeSchema>

export const serializedErrorSchema = z.object({
  code: z.enum(errorCodes),
  args: z.record(z.string(), z.union([z.string(), z.number()])),
})

/** Where a bridge's file service answers, and what it wants to see. Both are new with every agent. */
export const bridgeAddressSchema = z.object({
  /** `http://127.0.0.1:<port>` */
  url: z.string().regex(/^http:\/\/127\.0\.0\.1:\d+$/),
  token: z.string().min(1),
})

export type BridgeAddress = z.output<typeof bridgeAddressSchema>

/** What a front has to know of its bridge: where it is, absent while there is none, and what keeps it from working. */
export const bridgeReportSchema = z.object({
  address: bridgeAddressSchema.optional(),
  trouble: serializedErrorSchema.optional(),
})
export type BridgeReport = z.output<typeof bridgeReportSchema>

export const frontConfigSchema = z.object({
  driveId: z.string().min(1),
  driveName: z.string().min(1),
  /** TCP port on 127.0.0.1; 0 lets the system choose (tests, first start). */
  port: z.number().int().min(0).max(65_535),
  pathSecret: pathSecretSchema,
  backend: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('local'),
      rootDir: z.string().min(1),
      /** fsync file and folder before a write counts as done. Off only for comparisons in benchmarks. */
      durable: z.boolean().default(true),
    }),
    z.object({
      kind: z.literal('bridge'),
      /** As of the start; the command `bridge` brings what changes. */
      report: bridgeReportSchema.default({}),
      /** What stands before a path in the bucket counts towards the 1,024 bytes that a key may have. */
      keyPrefixBytes: z.number().int().nonnegative().default(0),
    }),
  ]),
  readOnly: z.boolean().default(false),
  writeMode: writeModeSchema.default('queued'),
  /** Uploads may take this much of the disk in all; beyond it saves are refused as "disk full". */
  spoolMaxBytes: z
    .number()
    .int()
    .positive()
    .default(20 * 1024 ** 3),
  /** The disk's last bytes, which neither uploads nor the content cache ever take. */
  diskReserveBytes: z
    .number()
    .int()
    .nonnegative()
    .default(5 * 1024 ** 3),
  /** What was read is kept on this machine up to this much. None by default: a local folder is as near as the cache would be. */
  contentCacheBytes: z.number().int().nonnegative().default(0),
  /** Stands in the names of files that were kept because of a conflict. */
  hostName: z.string().min(1).default('this computer'),
  /** The front's own folder on the Mac, mode 0700: Finder metadata, dead properties and undelivered uploads live here. */
  stateDir: z.string().min(1),
  /** For copies of what was read, which may be deleted at any time; in `stateDir` when absent. */
  cacheDir: z.string().min(1).optional(),
  /** Unix socket on which `status`, `watch` and `shutdown` are answered; none when absent. */
  controlSocketPath: z.string().min(1).optional(),
  /** Tell the parent about every request. Costs a line each, so only `demo` and tests ask for it. */
  requestLog: z.boolean().default(false),
  metadataTtlMs: z.number().int().nonnegative().default(5_000),
  negativeTtlMs: z.number().int().nonnegative().default(2_000),
})
export type FrontConfig = z.output<typeof frontConfigSchema>
export type FrontConfigInput = z.input<typeof frontConfigSchema>

/** To the front. `configure` is the first line from the parent and comes once. */
export const frontCommandSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('configure'), config: frontConfigSchema }),
  z.object({ type: z.literal('status') }),
  /** Events from now on, on the control socket; the parent gets them without asking. */
  z.object({ type: z.literal('watch'), requests: z.boolean().default(false) }),
  z.object({ type: z.literal('shutdown') }),
  /** The volume is gone: deliver what is pending, then end as by `shutdown`. Again changes nothing. */
  z.object({ type: z.literal('drain') }),
  z.object({ type: z.literal('uploads') }),
  /** Each is answered by `upload-answer` with the same `id`. */
  z.object({ type: z.literal('upload-retry'), id: z.number().int() }),
  z.object({ type: z.literal('upload-discard'), id: z.number().int() }),
  z.object({ type: z.literal('upload-export'), id: z.number().int(), destinationPath: z.string().min(1) }),
  /** Try everything that waits at once: the Mac woke up, the network is back. */
  z.object({ type: z.literal('wake') }),
  /** From the parent: how the drive's bridge is now. */
  z.object({ type: z.literal('bridge'), report: bridgeReportSchema }),
])
export type FrontCommand = z.output<typeof frontCommandSchema>
export type FrontCommandInput = z.input<typeof frontCommandSchema>

export const uploadInfoSchema = z.object({
  id: z.number().int(),
  path: z.string(),
  size: z.number().int(),
  acceptedMs: z.number(),
  attempts: z.number().int(),
  state: z.enum(['waiting', 'delivering', 'attention']),
  sentBytes: z.number().int(),
  error: serializedErrorSchema.optional(),
})
export type UploadInfo = z.output<typeof uploadInfoSchema>

export const uploadTotalsSchema = z.object({
  pending: z.number().int(),
  pendingBytes: z.number().int(),
  oldestAgeMs: z.number(),
  attention: z.number().int(),
  bytesPerSec: z.number(),
  delivered: z.number().int(),
  conflicts: z.number().int(),
})
export type UploadTotals = z.output<typeof uploadTotalsSchema>

/** Totals since the front started; `latencyMs` over the last 1,000 requests. */
export const frontCountersSchema = z.object({
  requests: z.number().int(),
  refused: z.number().int(),
  bytesIn: z.number().int(),
  bytesOut: z.number().int(),
  backendCalls: z.number().int(),
  inFlight: z.number().int(),
  latencyMs: z.object({ p50: z.number(), p95: z.number(), max: z.number() }),
  /** How many requests took how long, by `latencyBucketOf`; without those that moved a lot of bytes, whose time is not delay. */
  latencyCounts: z.array(z.number().int()).optional(),
})
export type FrontCounters = z.output<typeof frontCountersSchema>

const uploadedFile = { id: z.number().int(), path: z.string(), size: z.number().int() }

/** From the front. */
export const frontEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), url: z.url(), port: z.number().int(), pid: z.number().int() }),
  z.object({
    type: z.literal('request'),
    method: z.string(),
    path: z.string(),
    status: z.number().int(),
    ms: z.number(),
    bytesIn: z.number().int(),
    bytesOut: z.number().int(),
    manner: z.enum(['macos', 'standard']),
  }),
  z.object({ type: z.literal('counters'), counters: frontCountersSchema }),
  z.object({
    type: z.literal('status'),
    driveId: z.string(),
    driveName: z.string(),
    url: z.url(),
    pid: z.number().int(),
    uptimeMs: z.number(),
    health: z.enum(['ok', 'slow', 'stalled', 'down']),
    /** What keeps the drive's bridge from working, as far as its keeper has said. */
    trouble: serializedErrorSchema.optional(),
    counters: frontCountersSchema,
    uploads: uploadTotalsSchema,
    /** It was told to `drain`: a front without a volume that only delivers what is pending. */
    draining: z.boolean(),
  }),
  /** A backend call has overrun its deadline (`stalled`), or one has succeeded again (`recovered`). */
  z.object({ type: z.literal('stalled'), operation: z.string() }),
  z.object({ type: z.literal('recovered'), afterMs: z.number() }),
  /** `uploads` has those that need attention first, then the oldest; cut where a line would get too long. `totals` counts them all. */
  z.object({ type: z.literal('uploads'), uploads: z.array(uploadInfoSchema), totals: uploadTotalsSchema }),
  z.object({
    type: z.literal('upload-answer'),
    id: z.number().int(),
    error: serializedErrorSchema.optional(),
  }),
  z.object({
    type: z.literal('upload-attention'),
    id: z.number().int(),
    path: z.string(),
    error: serializedErrorSchema,
  }),
  /** Ours goes on as `keptAs`. */
  z.object({ type: z.literal('conflict'), path: z.string(), keptAs: z.string() }),
  /** A file was accepted from a client and is durable here. `path` begins with a slash, as in all of these. */
  z.object({ type: z.literal('saved'), ...uploadedFile, atMs: z.number() }),
  /** The backend has it. Of a file saved in an earlier life of the front this is the first that is heard; `savedMs` is when that was. */
  z.object({ type: z.literal('delivered'), ...uploadedFile, savedMs: z.number(), atMs: z.number() }),
  /** A person gave an upload up. */
  z.object({ type: z.literal('discarded'), id: z.number().int(), path: z.string() }),
  /** A client has renamed or removed what is there, a folder with all that is in it; uploads on their way went along. */
  z.object({ type: z.literal('moved'), from: z.string(), to: z.string() }),
  z.object({ type: z.literal('removed'), path: z.string() }),
  /** Something went wrong that stops nobody, but that a person should know. */
  z.object({ type: z.literal('warning'), error: serializedErrorSchema }),
  z.object({ type: z.literal('failed'), error: serializedErrorSchema }),
  z.object({ type: z.literal('closed') }),
])
export type FrontEvent = z.output<typeof frontEventSchema>
