import type { BridgeEvent, Health } from '../../../docker/bridge/api/control.ts'
import type { Clock } from '../../lib/clock.ts'
import type { ControlClient } from './control-client.ts'

export interface FollowOptions {
  readonly control: ControlClient
  readonly onEvent: (event: BridgeEvent) => void
  /** Once per connection, before its events. */
  readonly onHealth: (health: Health) => void
  readonly signal: AbortSignal
  readonly clock: Clock
}

/** The agent says `alive` every ten seconds. */
const silenceLimitMs = 25_000
const reconnectMs = 500
/** Its process never touches the mount. One that says nothing for so long will not again. */
export const unresponsiveLimitMs = 60_000
/** A machine that slept has not heard anything for hours, and only has to try again. */
const fewestFailures = 10

/**
 * Hears an agent for as long as it lives, over as many connections as it takes. Resolves when `signal` is aborted, or when the agent has not
 * said anything for a minute although its container runs: then it has to go.
 */
export async function followAgent(options: FollowOptions): Promise<'aborted' | 'unresponsive'> {
  const { signal, clock } = options
  let heardAtMs = clock.monotonicMs()
  let failures = 0
  const hear = (): void => {
    heardAtMs = clock.monotonicMs()
    failures = 0
  }
  while (!signal.aborted) {
    try {
      await followConnection(options, hear)
    } catch {
      // It starts, the engine's port forwarding does, or this machine was asleep: what matters is how long it lasts.
    }
    failures += 1
    const silentMs = clock.monotonicMs() - heardAtMs
    if (failures >= fewestFailures && silentMs >= unresponsiveLimitMs) return 'unresponsive'
    await clock.sleep(reconnectMs, signal).catch(() => undefined)
  }
  return 'aborted'
}

async function followConnection(
  { control, onEvent, onHealth, signal, clock }: FollowOptions,
  hear: () => void,
): Promise<void> {
  onHealth(await control.health(signal))
  hear()
  const silence = new AbortController()
  const watch = (): Disposable => clock.setTimeout(() => silence.abort(), silenceLimitMs)
  let timer = watch()
  try {
    for await (const event of control.events(AbortSignal.any([signal, silence.signal]))) {
      hear()
      timer[Symbol.dispose]()
      timer = watch()
      onEvent(event)
    }
  } finally {
    timer[Symbol.dispose]()
  }
}
