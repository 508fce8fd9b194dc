import type { BridgeState } from '../../core/bridge-state.ts'
import type { PreparingStep } from '../../shared/drive-state.ts'
import { createEmitter, type Event } from '../../lib/event.ts'
import { askExport } from '../../services/bridge/ask-export.ts'
import type { Bridge } from '../../services/bridge/bridge.ts'
import type { KeptBridge } from '../../services/drives/ports.ts'
import type { SerializedError } from '../../shared/errors.ts'
import type { BridgeReport } from '../../shared/front-protocol.ts'

type Explain = (error: SerializedError) => SerializedError

export interface Explanation {
  /** What is behind an error of the bridge. */
  readonly explain: Explain
  /** It has become another. */
  readonly explained?: Event<void>
}

/** A bridge that has been started, as a drive looks at it. `own` ends with it. */
export function driveBridge(
  bridge: Bridge,
  own: Disposable,
  { explain, explained }: Explanation = { explain: (error) => error },
): KeptBridge {
  const reported = createEmitter<BridgeReport>()
  const report = (): BridgeReport => reportOf(bridge, explain)
  let last = JSON.stringify(report())
  const tell = (): void => {
    const now = report()
    const text = JSON.stringify(now)
    if (text === last) return
    last = text
    reported.fire(now)
  }
  bridge.stateChanged.on(tell)
  bridge.addressed.on(tell)
  explained?.on(tell)
  return {
    get report() {
      return report()
    },
    onReport: (listener) => reported.on(listener),
    onRoundTrip: (listener) => bridge.probed.on(({ roundTripMs }) => listener(roundTripMs)),
    exportOf: async (path, signal) => {
      const address = bridge.address()
      return address === undefined ? undefined : await askExport(address, path, signal)
    },
    wake: () => bridge.nudge('wake'),
    stop: async () => {
      using _own = own
      await bridge.stop()
    },
  }
}

/** What there is to say while a bridge is on its way; nothing of states that are not. */
export function stepOf({ kind }: BridgeState): PreparingStep | undefined {
  switch (kind) {
    case 'pulling':
    case 'building':
      return 'preparing-image'
    case 'creating':
    case 'starting':
      return 'starting-bridge'
    case 'connecting':
      return 'connecting'
    case 'absent':
    case 'ready':
    case 'stalled':
    case 'stopping':
    case 'failed':
      return undefined
  }
}

function reportOf(bridge: Bridge, explain: Explain): BridgeReport {
  const address = bridge.address()
  const trouble = troubleOf(bridge.state())
  return {
    ...(address === undefined ? {} : { address: { url: address.filesUrl, token: address.token } }),
    ...(trouble === undefined ? {} : { trouble: explain(trouble) }),
  }
}

function troubleOf(state: BridgeState): SerializedError | undefined {
  return 'error' in state ? state.error : undefined
}
