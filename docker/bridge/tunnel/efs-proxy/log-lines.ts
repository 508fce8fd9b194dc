import type { BridgeErrorCode } from '../../api/errors.ts'
import type { LogMeaning } from '../tunnel-program.ts'

/**
 * efs-proxy's words, the most telling first. Its texts are those of its own source, of s2n (TLS) and of Rust's standard library
 * (sockets, name resolution).
 */
const failures: readonly (readonly [pattern: RegExp, code: BridgeErrorCode])[] = [
  [/Failed to bind /i, 'tunnel-port-taken'],
  [/Failed to read configuration/i, 'tunnel-exited'],
  [/Unable to read the client certificate|Unable to read private key/i, 'tunnel-identity-unreadable'],
  [/Failed to load the client certificate/i, 'tunnel-identity-unreadable'],
  [/Unable to the CA File|Failed to add the CA file/i, 'tunnel-identity-unreadable'],
  [/Failed to (obtain|acquire) TLS config/i, 'tunnel-identity-unreadable'],
  [/failed to lookup address information|Name or service not known/i, 'server-unresolved'],
  [/host ?name|certificate.*(name|identity)|does not match/i, 'server-name-wrong'],
  [/certificate (is )?(untrusted|expired|revoked|invalid)|untrusted|not yet valid/i, 'server-untrusted'],
  [/certificate|handshake|alert|TLS|S2N|bad message/i, 'server-untrusted'],
  [/Connection refused/i, 'server-refused'],
  [/reset by peer|broken pipe|unexpected eof|early eof|connection closed|peer closed/i, 'server-closed'],
  [/No route to host|Network is unreachable|Host is unreachable/i, 'server-unreachable'],
  [/Timeout|timed out/i, 'server-unreachable'],
]

/** Only these lines tell why the server was not reached; others mention the same words in passing. */
const tellsFailure =
  /Failed to establish an initial connection|panicked|Failed to (bind|obtain|acquire|read configuration)|Unable to |Error in /i

/** Lines after which efs-proxy ends, whatever the reason; its supervisor starts it again. */
const isEnding = /Shutting down\.|Proxy shutdown failed/

const isConnected = /Proxy performance|Established (an )?initial connection|RPC call (succeeded|errored)/i

/** A test connection that is dropped, and a line every three seconds. */
const isNoise = /Proxy performance|Unexpected connection, ignoring/

/** `2026-01-01T00:00:00.000Z 12 INFO efs_proxy::controller text`, or a panic's own words. */
const head = /^\S+Z \d+ (ERROR|WARN|INFO|DEBUG|TRACE) (\S+) ?/

export function readEfsProxyLine(line: string): LogMeaning {
  const level = levelOf(line)
  if (isNoise.test(line)) return { level: 'debug', isNoise: true, ...connected(line) }
  if (isEnding.test(line)) return { level: 'warn', error: 'tunnel-exited' }
  if (!tellsFailure.test(line)) return { level, ...connected(line) }
  return { level: level === 'info' ? 'warn' : level, error: failureIn(line) }
}

function failureIn(line: string): BridgeErrorCode {
  const text = line.replace(head, '')
  const known = failures.find(([pattern]) => pattern.test(text))?.[1]
  return known ?? (/panicked/.test(text) ? 'tunnel-exited' : 'server-unreachable')
}

function connected(line: string): { readonly isConnected?: true } {
  return isConnected.test(line) ? { isConnected: true } : {}
}

const levels: Readonly<Record<string, LogMeaning['level']>> = {
  ERROR: 'error',
  WARN: 'warn',
  INFO: 'info',
  DEBUG: 'debug',
  TRACE: 'debug',
}

function levelOf(line: string): LogMeaning['level'] {
  const written = head.exec(line)?.[1]
  if (written !== undefined) return levels[written] ?? 'info'
  return /panicked/.test(line) ? 'error' : 'info'
}
