import {
  controlRoutes,
  identityBodySchema,
  nudgeSchema,
  type BridgeEvent,
  type Health,
  type Nudge,
} from '../../api/control.ts'
import type { TunnelIdentity } from '../../api/start.ts'
import type { Clock } from '../../lib/clock.ts'
import type { ControlRoutes } from '../../lib/control-server.ts'
import type { EventHub } from '../../lib/event-hub.ts'
import { streamEvents } from '../../lib/event-stream.ts'
import { answerJson, answerNothing } from '../../lib/http-answers.ts'

export interface AgentRoutesOptions {
  readonly health: () => Promise<Health>
  /** @throws BridgeError where there is no tunnel, or it does not answer. */
  readonly putIdentity: (identity: TunnelIdentity) => Promise<void>
  readonly nudge: (nudge: Nudge) => void
  readonly hub: EventHub
  readonly clock: Clock
  readonly present: () => readonly BridgeEvent[]
}

/** What the Mac may ask of an agent. Nothing here waits for the mount. */
export function agentRoutes(options: AgentRoutesOptions): ControlRoutes {
  return {
    [`GET ${controlRoutes.health}`]: async ({ response }) => {
      answerJson(response, 200, await options.health())
    },
    [`GET ${controlRoutes.events}`]: ({ response }) => streamEvents(response, options),
    [`PUT ${controlRoutes.identity}`]: async ({ response, readBody }) => {
      await options.putIdentity(await readBody(identityBodySchema))
      answerNothing(response)
    },
    [`POST ${controlRoutes.nudge}`]: async ({ response, readBody }) => {
      options.nudge(await readBody(nudgeSchema))
      answerNothing(response)
    },
  }
}
