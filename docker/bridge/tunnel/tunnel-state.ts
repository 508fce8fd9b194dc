import type { TunnelHealth } from '../api/control.ts'
import type { BridgeErrorBody } from '../api/errors.ts'
import type { LogMeaning } from './tunnel-program.ts'

export type TunnelEvent =
  | { readonly type: 'started' }
  | { readonly type: 'listening' }
  | { readonly type: 'said'; readonly line: string; readonly meaning: LogMeaning }
  | { readonly type: 'exited'; readonly how: string }
  | { readonly type: 'missing' }
  | { readonly type: 'identity'; readonly expiresAtMs: number }

export const unknownTunnel: TunnelHealth = { state: 'unknown', restarts: 0 }

const maxWordsChars = 300

/** The tunnel's health after an event; the same object when nothing changed. */
export function nextTunnelHealth(health: TunnelHealth, event: TunnelEvent): TunnelHealth {
  switch (event.type) {
    case 'started': {
      const restarts = health.state === 'unknown' ? 0 : health.restarts + 1
      return { ...health, state: 'starting', restarts }
    }
    case 'listening':
      // What went wrong before the restart has not been disproved yet, but this one may get through.
      return { ...withoutError(health), state: 'up' }
    case 'said':
      return afterLine(health, event)
    case 'exited':
      // Its last words tell more than its end does.
      return { ...health, state: 'down', error: health.error ?? failed('tunnel-exited', event.how) }
    case 'missing':
      return { ...health, state: 'down', error: { code: 'tunnel-missing', args: {} } }
    case 'identity':
      return { ...health, identityExpiresAtMs: event.expiresAtMs }
  }
}

function afterLine(
  health: TunnelHealth,
  { line, meaning }: Extract<TunnelEvent, { type: 'said' }>,
): TunnelHealth {
  if (meaning.error !== undefined) return { ...health, state: 'down', error: failed(meaning.error, line) }
  if (meaning.isConnected !== true || (health.state === 'up' && health.error === undefined)) return health
  return { ...withoutError(health), state: 'up' }
}

function failed(code: BridgeErrorBody['code'], words: string): BridgeErrorBody {
  return { code, args: { words: words.slice(0, maxWordsChars) } }
}

function withoutError({ error: _, ...rest }: TunnelHealth): TunnelHealth {
  return rest
}
