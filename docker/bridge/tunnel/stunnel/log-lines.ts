import type { BridgeErrorCode } from '../../api/errors.ts'
import type { LogMeaning } from '../tunnel-program.ts'

/** stunnel's words, the most telling first. */
const failures: readonly (readonly [pattern: RegExp, code: BridgeErrorCode])[] = [
  [/Address already in use/i, 'tunnel-port-taken'],
  [/Failed to initialize TLS context|Configuration failed|Failed to reload/i, 'tunnel-identity-unreadable'],
  [/Error resolving|No remote host resolved/i, 'server-unresolved'],
  [/CERT: (Subject checks failed|.*host ?name)/i, 'server-name-wrong'],
  [/CERT: .*error/i, 'server-untrusted'],
  [/Connection refused/i, 'server-refused'],
  [/No route to host|Network is unreachable|Host is unreachable|TIMEOUT|timed out/i, 'server-unreachable'],
  [/reset by peer|suddenly disconnected|unexpected eof|Broken pipe/i, 'server-closed'],
  // The reason of a rejected certificate is in the line before.
  [/SSL_connect: (?!.*certificate verify failed)/, 'server-untrusted'],
]

/** `2026.01.01 00:00:00 LOG5[0]: text`, syslog's levels; before its configuration is read `[!] text`. */
const head = /^(?:[\d.]+ [\d:]+ LOG(\d)\[[^\]]*\]: |\[([!.: ])\] )/

export function readStunnelLine(line: string): LogMeaning {
  const level = levelOf(line)
  const text = line.replace(head, '')
  if (/^TLS connected/.test(text)) return { level, isConnected: true }
  if (/^Configuration successful/.test(text)) return { level, hasReloaded: true }
  if (level === 'debug' || level === 'info') return { level, ...noise(level, text) }
  const error = failures.find(([pattern]) => pattern.test(text))?.[1]
  return error === undefined ? { level } : { level, error }
}

function levelOf(line: string): LogMeaning['level'] {
  const [, number, mark] = head.exec(line) ?? []
  if (number !== undefined) return levels[Number(number)] ?? 'error'
  if (mark === '!') return 'error'
  return mark === undefined || mark === ':' ? 'warn' : 'debug'
}

/** By syslog's number; what stunnel calls a notice happens once a connection. */
const levels: readonly LogMeaning['level'][] = [
  'error',
  'error',
  'error',
  'error',
  'warn',
  'info',
  'debug',
  'debug',
]

function noise(level: LogMeaning['level'], text: string): { readonly isNoise?: true } {
  return level === 'debug' || /^(Compiled|Running|Threading|Reading|UTF-8|FIPS)/.test(text)
    ? { isNoise: true }
    : {}
}
