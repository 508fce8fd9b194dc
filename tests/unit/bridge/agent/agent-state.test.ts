import { describe, expect, test } from 'vitest'

import type { TunnelHealth } from '../../../../docker/bridge/api/control.ts'
import type { BridgeErrorCode } from '../../../../docker/bridge/api/errors.ts'
import {
  initialFacts,
  nextFacts,
  viewOf,
  type AgentEvent,
} from '../../../../docker/bridge/agent/agent-state.ts'

const began: AgentEvent = { type: 'mount-began' }
const mounted: AgentEvent = { type: 'mounted' }
const served: AgentEvent = { type: 'files-served' }
const answered: AgentEvent = { type: 'probed', result: { type: 'answered', roundTripMs: 12 } }
const silent: AgentEvent = { type: 'probed', result: { type: 'silent' } }
const probeFailed = (code: string): AgentEvent => ({ type: 'probed', result: { type: 'failed', code } })
const mountFailed = (code: BridgeErrorCode): AgentEvent => ({
  type: 'mount-failed',
  error: { code, args: {} },
})
const tunnel = (state: TunnelHealth['state'], code?: BridgeErrorCode): AgentEvent => ({
  type: 'tunnel',
  tunnel: { state, restarts: 0, ...(code === undefined ? {} : { error: { code, args: {} } }) },
})
const ready: readonly AgentEvent[] = [began, mounted, served, answered]

describe('the state of an agent', () => {
  test.each<[string, readonly AgentEvent[], string, BridgeErrorCode?]>([
    ['before anything', [], 'starting'],
    ['while the tunnel comes up', [tunnel('starting')], 'starting'],
    [
      'when the tunnel cannot reach the server',
      [tunnel('down', 'server-refused')],
      'connecting',
      'server-refused',
    ],
    [
      'when the server is not who it should be',
      [tunnel('down', 'server-untrusted')],
      'failed',
      'server-untrusted',
    ],
    ['while mounting', [began], 'connecting'],
    ['mounted, but not yet asked', [began, mounted, served], 'connecting'],
    ['mounted and answering, but nobody serves files', [began, mounted, answered], 'connecting'],
    ['all at work', ready, 'ready'],
    ['all at work, in another order', [began, mounted, answered, served], 'ready'],
    ['after one failure', [began, mountFailed('mount-timeout')], 'connecting', 'mount-timeout'],
    [
      'after one failure, trying again',
      [began, mountFailed('mount-timeout'), began],
      'connecting',
      'mount-timeout',
    ],
    [
      'after failure upon failure',
      [began, mountFailed('mount-timeout'), mountFailed('mount-timeout'), mountFailed('mount-timeout')],
      'failed',
      'mount-timeout',
    ],
    ['refused by the server', [began, mountFailed('access-denied')], 'failed', 'access-denied'],
    [
      'refused by the server, whatever the tunnel says',
      [tunnel('down', 'server-closed'), began, mountFailed('access-denied')],
      'failed',
      'access-denied',
    ],
    [
      'when the tunnel knows better than mount.nfs4',
      [began, mountFailed('mount-timeout'), tunnel('down', 'server-name-wrong')],
      'failed',
      'server-name-wrong',
    ],
    ['in a kernel without NFS', [began, mountFailed('kernel-without-nfs')], 'failed', 'kernel-without-nfs'],
    ['mounted after failures', [began, mountFailed('access-denied'), ...ready], 'ready'],
    ['silent', [...ready, silent], 'stalled', 'stalled'],
    [
      'silent, and the tunnel says why',
      [...ready, tunnel('down', 'server-closed'), silent],
      'stalled',
      'server-closed',
    ],
    ['answering although the tunnel once complained', [...ready, tunnel('down', 'server-closed')], 'ready'],
    ['silent before it was ever ready', [began, mounted, served, silent], 'stalled', 'stalled'],
    ['answering again', [...ready, silent, answered], 'ready'],
    ['refused on a live mount', [...ready, probeFailed('EACCES')], 'stalled', 'access-denied'],
    ['failing on a live mount', [...ready, probeFailed('EIO')], 'stalled', 'backend-failed'],
    ['without its file service', [...ready, { type: 'files-gone' }], 'stalled', 'stalled'],
    ['with a new file service', [...ready, { type: 'files-gone' }, served], 'ready'],
    ['lost', [...ready, { type: 'mount-lost' }], 'connecting', 'mount-lost'],
    ['mounted again', [...ready, { type: 'mount-lost' }, { type: 'files-gone' }, ...ready], 'ready'],
    ['an answer that comes too late', [began, answered, served], 'connecting'],
    ['ending', [...ready, { type: 'stopping' }], 'stopping'],
    ['ending, whatever happens', [{ type: 'stopping' }, mountFailed('mount-failed'), silent], 'stopping'],
  ])('%s', (_, events, state, code) => {
    const view = viewOf(events.reduce(nextFacts, initialFacts))
    expect({ state: view.state, code: view.error?.code }).toEqual({ state, code })
  })
})
