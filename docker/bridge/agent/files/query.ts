import { BridgeError } from '../../lib/bridge-error.ts'
import { parseTreePath, type TreePath } from './path.ts'

/** The path of a URL and its parameters, percent-decoded once; unlike in a form, a plus sign is a plus sign. */
export class Query {
  readonly route: string
  readonly #values: ReadonlyMap<string, string>

  /** @throws BridgeError `bad-request` for what is not UTF-8 and for a parameter that comes twice. */
  constructor(url: string) {
    const [route = '', text = ''] = splitOnce(url, '?')
    this.route = route
    const values = new Map<string, string>()
    for (const part of text.split('&')) {
      if (part === '') continue
      const [name = '', value = ''] = splitOnce(part, '=').map(decode)
      if (values.has(name)) throw new BridgeError('bad-request', { reason: `${name} twice` })
      values.set(name, value)
    }
    this.#values = values
  }

  /** @throws BridgeError `bad-request`, `name-too-long`. */
  path(name: string): TreePath {
    return parseTreePath(this.text(name))
  }

  text(name: string): string {
    const value = this.#values.get(name)
    if (value === undefined) throw new BridgeError('bad-request', { reason: `no ${name}` })
    return value
  }

  /** A number of bytes. */
  bytes(name: string): number | undefined {
    const value = this.#values.get(name)
    if (value === undefined) return undefined
    const bytes = Number(value)
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(bytes)) throw notANumber(name)
    return bytes
  }

  /** Milliseconds since 1970. */
  time(name: string): number {
    const value = this.text(name)
    const timeMs = Number(value)
    if (!/^-?\d+(\.\d+)?$/.test(value) || Math.abs(timeMs) > maxTimeMs) throw notANumber(name)
    return timeMs
  }
}

/** What a `Date` can be. */
const maxTimeMs = 8.64e15

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new BridgeError('bad-request', { reason: 'not percent-encoded UTF-8' })
  }
}

function notANumber(name: string): BridgeError {
  return new BridgeError('bad-request', { reason: `${name} is no number` })
}
