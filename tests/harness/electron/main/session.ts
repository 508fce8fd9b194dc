import type { CustomScheme, Protocol, Session, WebRequest } from 'electron'

import type { PageRequest, PageResponse } from '../protocol.ts'
import { app } from './app.ts'
import { Strict, StrictEmitter, type Emitting } from './strict.ts'

type Handler = Parameters<Protocol['handle']>[1]
type BeforeRequest = NonNullable<Parameters<WebRequest['onBeforeRequest']>[0]>
type PermissionRequestHandler = Parameters<Session['setPermissionRequestHandler']>[0]
type PermissionCheckHandler = Parameters<Session['setPermissionCheckHandler']>[0]

/** Of all sessions. */
const schemes = new Map<string, CustomScheme>()

export class StandInProtocol
  extends Strict
  implements Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle' | 'unhandle' | 'isProtocolHandled'>
{
  readonly #handlers = new Map<string, Handler>()

  registerSchemesAsPrivileged(privileged: CustomScheme[]): void {
    if (app.isReady())
      throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    for (const scheme of privileged) schemes.set(scheme.scheme, scheme)
  }
  handle(scheme: string, handler: Handler): void {
    const { privileges } = schemes.get(scheme) ?? {}
    if (privileges?.standard !== true || privileges.secure !== true)
      throw new Error(
        `the Electron stand-in serves only schemes registered as standard and secure, and ${scheme} is not`,
      )
    if (this.#handlers.has(scheme)) throw new Error(`${scheme} is handled already`)
    this.#handlers.set(scheme, handler)
  }
  unhandle(scheme: string): void {
    this.#handlers.delete(scheme)
  }
  isProtocolHandled(scheme: string): boolean {
    return this.#handlers.has(scheme)
  }

  async respond({ url, method, headers, body }: PageRequest): Promise<PageResponse | undefined> {
    const handler = this.#handlers.get(new URL(url).protocol.slice(0, -1))
    if (handler === undefined) return undefined
    const request = new Request(url, {
      method,
      headers: plainHeaders(headers),
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    })
    const response = await handler(request)
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    }
  }
}

/** Chromium's own (`:authority` and their like) are none of a `Request`'s. */
function plainHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')))
}

export class StandInWebRequest extends Strict {
  #beforeRequest: BeforeRequest | undefined

  onBeforeRequest(filterOrListener: unknown, listener?: BeforeRequest): void {
    if (typeof filterOrListener === 'object' && filterOrListener !== null && !matchesAll(filterOrListener))
      throw new Error('the Electron stand-in knows webRequest filters for all URLs only')
    this.#beforeRequest = listener ?? (filterOrListener as BeforeRequest | undefined)
  }
  /** Whether the request may go on. */
  async allows({ url, method }: PageRequest): Promise<boolean> {
    const listener = this.#beforeRequest
    if (listener === undefined) return true
    return await new Promise((resolve) => {
      listener({ url, method } as never, ({ cancel }) => resolve(cancel !== true))
    })
  }
}

function matchesAll(filter: object): boolean {
  return (
    'urls' in filter &&
    Array.isArray(filter.urls) &&
    filter.urls.some((url) => url === '<all_urls>' || url === '*://*/*')
  )
}

type Implemented =
  | Emitting
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setSpellCheckerEnabled'

export class StandInSession extends StrictEmitter implements Pick<Session, Implemented> {
  readonly protocol = new StandInProtocol()
  readonly webRequest = new StandInWebRequest()
  #onRequest: PermissionRequestHandler = null
  #onCheck: PermissionCheckHandler = null

  constructor() {
    super(['will-download', 'select-hid-device', 'select-serial-port', 'select-usb-device'])
  }
  setPermissionRequestHandler(handler: PermissionRequestHandler): void {
    this.#onRequest = handler
  }
  setPermissionCheckHandler(handler: PermissionCheckHandler): void {
    this.#onCheck = handler
  }
  setDevicePermissionHandler(): void {
    // Chromium without a head offers no devices.
  }
  setSpellCheckerEnabled(): void {
    // There is none.
  }
  /** What a request of a page is answered; `undefined` when it is not let through. */
  async answer(request: PageRequest): Promise<PageResponse | undefined> {
    return (await this.webRequest.allows(request)) ? await this.protocol.respond(request) : undefined
  }
  /** Electron grants what no handler refuses. */
  async grants(permission: string): Promise<boolean> {
    const check = this.#onCheck
    if (check !== null && !check(null, permission as never, '', {} as never)) return false
    const request = this.#onRequest
    if (request === null) return true
    return await new Promise((resolve) => request(null as never, permission as never, resolve, {} as never))
  }
}

export class Sessions extends Strict {
  readonly defaultSession = new StandInSession()
  readonly #partitions = new Map<string, StandInSession>()

  fromPartition(partition: string): StandInSession {
    const known = this.#partitions.get(partition) ?? new StandInSession()
    this.#partitions.set(partition, known)
    return known
  }
}

export const session = new Sessions()
export const { protocol } = session.defaultSession
