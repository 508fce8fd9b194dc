import { isAbsolute } from 'node:path'

import { AppError } from '../../shared/errors.ts'
import type { EngineAddress } from './engine.ts'

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * An address as `DOCKER_HOST`, a context or a person writes it: `unix:///path`, a bare path, or `tcp://127.0.0.1:port`.
 * @throws AppError `engine-remote` {address} for an engine on another machine, and one that wants TLS or SSH.
 */
export function parseEngineAddress(text: string): EngineAddress {
  const path = text.startsWith('unix://') ? text.slice('unix://'.length) : text
  if (isAbsolute(path)) return { kind: 'socket', path }
  const url = URL.parse(text)
  if (url?.protocol === 'tcp:' && loopbackHosts.has(url.hostname) && url.port !== '') {
    return { kind: 'tcp', host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) }
  }
  throw new AppError('engine-remote', { address: withoutUser(text) })
}

/** As messages and logs show it. */
export function addressText(address: EngineAddress): string {
  return address.kind === 'socket' ? address.path : `tcp://${address.host}:${address.port}`
}

function withoutUser(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//')
}
