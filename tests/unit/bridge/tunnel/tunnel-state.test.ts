import { describe, expect, test } from 'vitest'

import type { TunnelHealth } from '../../../../docker/bridge/api/control.ts'
import {
  nextTunnelHealth,
  unknownTunnel,
  type TunnelEvent,
} from '../../../../docker/bridge/tunnel/tunnel-state.ts'

const said = (line: string, meaning: object): TunnelEvent => ({
  type: 'said',
  line,
  meaning: { level: 'warn', ...meaning },
})
const refused = said('refused!', { error: 'server-refused' })

describe('the health of a tunnel', () => {
  test.each<[string, readonly TunnelEvent[], TunnelHealth]>([
    ['is starting once started', [{ type: 'started' }], { state: 'starting', restarts: 0 }],
    ['is up once it listens', [{ type: 'started' }, { type: 'listening' }], { state: 'up', restarts: 0 }],
    [
      'is down when the server is not reached, and says what was said',
      [{ type: 'started' }, { type: 'listening' }, refused],
      { state: 'down', restarts: 0, error: { code: 'server-refused', args: { words: 'refused!' } } },
    ],
    [
      'is up again when something gets through',
      [{ type: 'started' }, { type: 'listening' }, refused, said('connected', { isConnected: true })],
      { state: 'up', restarts: 0 },
    ],
    [
      'keeps the last words of a program that ended',
      [{ type: 'started' }, refused, { type: 'exited', how: 'exit code 101' }],
      { state: 'down', restarts: 0, error: { code: 'server-refused', args: { words: 'refused!' } } },
    ],
    [
      'tells how a program ended that said nothing',
      [{ type: 'started' }, { type: 'exited', how: 'SIGKILL' }],
      { state: 'down', restarts: 0, error: { code: 'tunnel-exited', args: { words: 'SIGKILL' } } },
    ],
    [
      'counts restarts',
      [{ type: 'started' }, { type: 'exited', how: '' }, { type: 'started' }, { type: 'listening' }],
      { state: 'up', restarts: 1 },
    ],
    [
      'says when there is no program',
      [{ type: 'started' }, { type: 'missing' }],
      {
        state: 'down',
        restarts: 0,
        error: { code: 'tunnel-missing', args: {} },
      },
    ],
    [
      'knows when the identity expires, through restarts',
      [{ type: 'identity', expiresAtMs: 5 }, { type: 'started' }],
      { state: 'starting', restarts: 0, identityExpiresAtMs: 5 },
    ],
  ])('%s', (_, events, health) => {
    expect(events.reduce(nextTunnelHealth, unknownTunnel)).toEqual(health)
  })

  test('is the same object when a line means nothing', () => {
    const up: TunnelHealth = { state: 'up', restarts: 0 }
    expect(nextTunnelHealth(up, said('Proxy performance', { isConnected: true }))).toBe(up)
    expect(nextTunnelHealth(up, said('hello', {}))).toBe(up)
  })

  test('cuts endless words', () => {
    const health = nextTunnelHealth(unknownTunnel, said('x'.repeat(5_000), { error: 'server-refused' }))
    expect(health.error?.args['words']).toHaveLength(300)
  })
})
