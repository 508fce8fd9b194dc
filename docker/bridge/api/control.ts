import { z } from 'zod'

import { bridgeErrorSchema } from './errors.ts'
import { tunnelIdentitySchema } from './start.ts'

/**
 * The control service of an agent, HTTP/1.1, `Authorization: Bearer <token>` on every request:
 *
 * | request | answer |
 * | --- | --- |
 * | `GET /v1/health` | 200, `Health`; within a second whatever the mount does |
 * | `GET /v1/events` | 200, one `BridgeEvent` a line until either side hangs up; begins with the present state |
 * | `PUT /v1/identity`, `TunnelIdentity` | 204 when the tunnel uses it for its next connection |
 * | `POST /v1/nudge`, `Nudge` | 204 at once; the tunnel is restarted, the mount is probed |
 *
 * A failure is `BridgeErrorBody` with 400, 401, 404 or 503. The tunnel's supervisor answers `PUT /v1/identity`, `POST /v1/nudge` and `GET
 * /v1/events` (only `tunnel` and `log`) alike, to the agent alone.
 */
export const controlRoutes = {
  health: '/v1/health',
  events: '/v1/events',
  identity: '/v1/identity',
  nudge: '/v1/nudge',
} as const

export const apiVersion = 1

/**
 * `starting`: before the first mount. `connecting`: mounting. `ready`: the mount answers. `stalled`: mounted, but silent.
 * `failed`: cannot go on by itself, or not soon; it goes on trying where that makes sense.
 */
export const agentStateSchema = z.enum(['starting', 'connecting', 'ready', 'stalled', 'stopping', 'failed'])
export type AgentState = z.output<typeof agentStateSchema>

export const tunnelHealthSchema = z.object({
  state: z.enum(['unknown', 'starting', 'up', 'down']),
  restarts: z.number().int(),
  identityExpiresAtMs: z.number().optional(),
  error: bridgeErrorSchema.optional(),
})
export type TunnelHealth = z.output<typeof tunnelHealthSchema>

export const healthSchema = z.object({
  apiVersion: z.literal(apiVersion),
  state: agentStateSchema,
  /** Since when, by the agent's clock. */
  sinceMs: z.number(),
  error: bridgeErrorSchema.optional(),
  /** One statfs of the mount, there and back; of the last probe that was answered. */
  roundTripMs: z.number().optional(),
  probedAtMs: z.number().optional(),
  /** The agent's clock, to be compared with the Mac's: a machine that slept may lag. */
  clockMs: z.number(),
  tunnel: tunnelHealthSchema,
  mount: z.object({ mountedAtMs: z.number().optional(), options: z.string().optional() }),
  files: z.object({ restarts: z.number().int(), residentBytes: z.number().optional() }),
  versions: z.object({
    agent: z.string(),
    node: z.string(),
    kernel: z.string(),
    tunnel: z.string().optional(),
  }),
})
export type Health = z.output<typeof healthSchema>

export const bridgeEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('state'), state: agentStateSchema, error: bridgeErrorSchema.optional() }),
  z.object({ type: z.literal('tunnel'), tunnel: tunnelHealthSchema }),
  /** A probe of the mount that was answered. */
  z.object({ type: z.literal('latency'), atMs: z.number(), roundTripMs: z.number() }),
  z.object({
    type: z.literal('log'),
    level: z.enum(['debug', 'info', 'warn', 'error']),
    source: z.enum(['agent', 'files', 'mount', 'tunnel']),
    text: z.string(),
  }),
  /** Sent when there was nothing else for ten seconds, so that a dead connection shows. */
  z.object({ type: z.literal('alive') }),
])
export type BridgeEvent = z.output<typeof bridgeEventSchema>

export const identityBodySchema = tunnelIdentitySchema

/** Why whoever runs the bridge thinks that its connection may be dead. */
export const nudgeSchema = z.object({ reason: z.enum(['wake', 'network', 'user', 'stalled']) })
export type Nudge = z.output<typeof nudgeSchema>
