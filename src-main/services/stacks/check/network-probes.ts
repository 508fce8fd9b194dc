import { isIP, connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

import { AppError, type ErrorCode } from '../../../shared/errors.ts'

export interface Place {
  readonly host: string
  readonly port: number
}

/** What networks do, in our words. */
const codeByErrno: Readonly<Record<string, ErrorCode>> = {
  ENOTFOUND: 'server-unresolved',
  EAI_AGAIN: 'server-unresolved',
  ECONNREFUSED: 'server-refused',
  ECONNRESET: 'server-closed',
  EPIPE: 'server-closed',
  ETIMEDOUT: 'server-unreachable',
  EHOSTUNREACH: 'server-unreachable',
  ENETUNREACH: 'server-unreachable',
  EHOSTDOWN: 'server-unreachable',
  ENETDOWN: 'server-unreachable',
  EADDRNOTAVAIL: 'server-unreachable',
}

/**
 * Connects by TCP and hangs up.
 * @throws AppError what the network did; `server-unreachable` when there was no answer within `timeoutMs`.
 */
export async function probePort(
  { host, port }: Place,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const socket = connectTcp({ host, port, timeout: timeoutMs })
  const unreachable = () => new AppError('server-unreachable', { host, port })
  try {
    await settled(socket, 'connect', unreachable, signal)
  } catch (error) {
    signal.throwIfAborted()
    throw networkError(error, { host, port })
  } finally {
    socket.destroy()
  }
}

/** What a TLS server showed. */
export type TlsFinding =
  | { readonly kind: 'right' }
  /** It hung up for want of a client certificate before its own could be judged. */
  | { readonly kind: 'unseen' }

/**
 * Does a TLS handshake for `tlsName`, without a client certificate, and hangs up.
 * @throws AppError `server-untrusted`, `server-name-wrong`, or what the network did.
 */
export async function probeTls(
  { host, port }: Place,
  { tlsName, caPem }: { readonly tlsName: string; readonly caPem: string | undefined },
  timeoutMs: number,
  signal: AbortSignal,
): Promise<TlsFinding> {
  const socket = connectTls({
    host,
    port,
    servername: isIP(tlsName) === 0 ? tlsName : '',
    timeout: timeoutMs,
    ...(caPem !== undefined && { ca: caPem }),
  })
  try {
    await settled(socket, 'secureConnect', () => new AppError('server-silent', { timeoutMs }), signal)
    return { kind: 'right' }
  } catch (error) {
    signal.throwIfAborted()
    const code = codeOf(error)
    if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
      throw new AppError('server-name-wrong', { host, expected: tlsName }, { cause: error })
    if (/^(?:ERR_SSL_)?.*ALERT_(?:CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE)$/.test(code))
      return { kind: 'unseen' }
    if (/CERT|ISSUER|SELF_SIGNED|VERIFY|CA_/.test(code))
      throw new AppError('server-untrusted', { host }, { cause: error })
    if (/^ERR_SSL_|EPROTO/.test(code)) throw new AppError('server-closed', { host }, { cause: error })
    throw networkError(error, { host, port })
  } finally {
    socket.destroy()
  }
}

/** Resolves with `event`; rejects with the socket's error, its silence or the signal. */
async function settled(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  onSilence: () => AppError,
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  const abort = (): void => reject(signal.reason)
  socket.once(event, () => resolve(undefined))
  socket.once('timeout', () => reject(onSilence()))
  socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
  // Stays on: an error that comes after the answer is nobody's business.
  socket.on('error', reject)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  try {
    await promise
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function networkError(error: unknown, { host, port }: Place): AppError {
  if (error instanceof AppError) return error
  const code = codeByErrno[codeOf(error)] ?? 'server-unreachable'
  const hasPort = code === 'server-refused' || code === 'server-unreachable'
  return new AppError(code, { host, ...(hasPort && { port }) }, { cause: error })
}

/** Node wraps what went wrong with each of several addresses. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
