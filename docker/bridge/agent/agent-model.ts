import type { BridgeEvent } from '../api/control.ts'
import type { Clock } from '../lib/clock.ts'
import type { EventHub } from '../lib/event-hub.ts'
import {
  initialFacts,
  nextFacts,
  viewOf,
  type AgentEvent,
  type AgentFacts,
  type AgentView,
} from './agent-state.ts'

/** The agent's facts as they are now; every change of state or tunnel is published. */
export class AgentModel {
  readonly #clock: Clock
  readonly #hub: EventHub
  #facts = initialFacts
  #view: AgentView = viewOf(initialFacts)
  #sinceMs: number

  constructor(clock: Clock, hub: EventHub) {
    this.#clock = clock
    this.#hub = hub
    this.#sinceMs = clock.now()
  }

  get facts(): AgentFacts {
    return this.#facts
  }

  get view(): AgentView {
    return this.#view
  }

  get sinceMs(): number {
    return this.#sinceMs
  }

  /** What a stream of events begins with. */
  present(): readonly BridgeEvent[] {
    return [
      { type: 'state', ...this.#view },
      { type: 'tunnel', tunnel: this.#facts.tunnel },
    ]
  }

  apply(event: AgentEvent): void {
    this.#facts = nextFacts(this.#facts, event)
    if (event.type === 'tunnel') this.#hub.publish({ type: 'tunnel', tunnel: event.tunnel })
    const view = viewOf(this.#facts)
    if (view.state === this.#view.state && view.error?.code === this.#view.error?.code) return
    if (view.state !== this.#view.state) this.#sinceMs = this.#clock.now()
    this.#view = view
    this.#hub.publish({ type: 'state', ...view })
  }
}
