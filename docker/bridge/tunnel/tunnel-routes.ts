import { controlRoutes, identityBodySchema, nudgeSchema, type BridgeEvent } from '../api/control.ts'
import type { Clock } from '../lib/clock.ts'
import type { ControlRoutes } from '../lib/control-server.ts'
import type { EventHub } from '../lib/event-hub.ts'
import { streamEvents } from '../lib/event-stream.ts'
import { answerNothing } from '../lib/http-answers.ts'
import type { IdentityFiles } from './identity-files.ts'
import type { TunnelSupervisor } from './supervisor.ts'

export interface TunnelRoutesOptions {
  readonly supervisor: TunnelSupervisor
  readonly identityFiles: IdentityFiles
  readonly hub: EventHub
  readonly clock: Clock
}

/** What the agent may ask of the tunnel. */
export function tunnelRoutes({ supervisor, identityFiles, hub, clock }: TunnelRoutesOptions): ControlRoutes {
  const present = (): readonly BridgeEvent[] => [{ type: 'tunnel', tunnel: supervisor.health }]
  return {
    [`GET ${controlRoutes.events}`]: ({ response }) => streamEvents(response, { hub, clock, present }),
    [`PUT ${controlRoutes.identity}`]: async ({ response, readBody }) => {
      const identity = await readBody(identityBodySchema)
      await identityFiles.write(identity)
      await supervisor.reload(identity.expiresAtMs)
      answerNothing(response)
    },
    [`POST ${controlRoutes.nudge}`]: async ({ response, readBody }) => {
      await readBody(nudgeSchema)
      void supervisor.restart()
      answerNothing(response)
    },
  }
}
