import { startControlServer } from '../lib/control-server.ts'
import { createEventHub, printEvents } from '../lib/event-hub.ts'
import { Agent, type AgentOptions } from './agent.ts'
import { agentRoutes } from './control/agent-routes.ts'

export interface RunAgentOptions extends Omit<AgentOptions, 'hub'> {
  readonly controlHost: string
  readonly controlPort: number
  readonly output: NodeJS.WritableStream
  /** Aborted when the container is to end. */
  readonly signal: AbortSignal
}

/** The whole life of an agent's container after its start line; resolves with its exit code. */
export async function runAgent({
  controlHost,
  controlPort,
  output,
  signal,
  ...options
}: RunAgentOptions): Promise<number> {
  const hub = createEventHub()
  using _printing = printEvents(hub, output)
  const agent = new Agent({ ...options, hub })
  await using _server = await startControlServer({
    host: controlHost,
    port: controlPort,
    token: options.start.token,
    routes: agentRoutes({
      health: () => agent.health(),
      putIdentity: (identity) => agent.putIdentity(identity),
      nudge: (nudge) => agent.nudge(nudge),
      hub,
      clock: options.clock,
      present: () => agent.model.present(),
    }),
  })
  return await agent.run(signal)
}
