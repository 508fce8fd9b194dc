import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { goodManners, type Manners } from './model-manners.ts'

interface Entry {
  /** `undefined` for a directory. */
  readonly bytes: Buffer | undefined
  readonly modifiedMs: number
}

const prefix = '/v'

/**
 * A small WebDAV server in memory that suits macOS, with every manner open to spoiling. Paths in `entries` are decoded and without the
 * volume's prefix; `/` is the root. Requests are answered one await at a time: it serves tests, not users.
 */
export class ModelServer implements AsyncDisposable {
  readonly manners: Manners = goodManners()
  readonly entries = new Map<string, Entry>([['/', { bytes: undefined, modifiedMs: Date.UTC(2026, 0, 1) }]])
  #server: Server | undefined
  #port = 0
  #modifiedMs = Date.UTC(2026, 0, 1)

  get url(): string {
    return `http://127.0.0.1:${this.#port}${prefix}/`
  }

  /** Listens, on the same port as before where there was one. */
  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response))
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  /** Refuses connections from now on and resets those there are. */
  async stop(): Promise<void> {
    if (this.#server === undefined) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    this.#server = undefined
    await closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  put(path: string, content: Uint8Array | string): void {
    this.#place(path, { bytes: Buffer.from(content), modifiedMs: this.#tick() })
  }

  makeDirectory(path: string): void {
    this.#place(path, { bytes: undefined, modifiedMs: this.#tick() })
  }

  text(path: string): string | undefined {
    return this.entries.get(path)?.bytes?.toString()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.sendDate = request.method !== 'PUT' || this.manners.putTellsDate
    if (this.manners.intercept(request, response)) return
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer)
    } catch {
      return // The client went away before the end of its body: the old content stays.
    }
    const path = this.#pathOf(request.url ?? '/')
    const status = this.#answer(request, response, path, Buffer.concat(chunks))
    if (status !== undefined) response.writeHead(status).end()
  }

  /** Answers by itself, or returns the status of an empty answer. */
  #answer(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    body: Buffer,
  ): number | undefined {
    const entry = this.entries.get(path)
    switch (request.method) {
      case 'OPTIONS':
        response.setHeader('DAV', this.manners.dav)
        return 200
      case 'PROPFIND':
        if (entry === undefined) return 404
        this.#propfind(request, response, path, body.toString())
        return undefined
      case 'GET':
        return entry?.bytes === undefined ? 404 : this.#get(request, response, entry, entry.bytes)
      case 'PUT':
        return this.#put(response, path, body)
      case 'MKCOL':
        if (entry !== undefined) return 405
        this.makeDirectory(path)
        return 201
      case 'DELETE':
        if (entry === undefined) return 404
        this.#remove(path)
        return 204
      case 'MOVE':
        return this.#move(path, this.#pathOf(new URL(String(request.headers['destination'])).pathname))
      case 'LOCK':
        return this.#lock(request, response)
      case 'UNLOCK':
        return 204
      case undefined:
      default:
        return 405
    }
  }

  #propfind(request: IncomingMessage, response: ServerResponse, path: string, body: string): void {
    const below = path === '/' ? '/' : `${path}/`
    const isChild = (other: string): boolean =>
      other !== path && other.startsWith(below) && !other.slice(below.length).includes('/')
    const children = request.headers['depth'] === '1' ? [...this.entries.keys()].filter(isChild) : []
    const asksOnlyChildren = !body.includes('getlastmodified')
    const hidden = asksOnlyChildren
      ? Array.from({ length: this.manners.hiddenChildren }, (_, index) =>
          this.#element(`${below}.hidden${index}`),
        )
      : []
    const quota =
      this.manners.answersQuota && body.includes('quota')
        ? '<quota-available-bytes>1000000</quota-available-bytes>'
        : ''
    response.writeHead(207, { 'Content-Type': 'application/xml; charset=utf-8' })
    response.end(
      `<?xml version="1.0" encoding="utf-8"?><D:multistatus xmlns:D="DAV:">${quota}` +
        [path, ...children].map((one) => this.#element(one)).join('') +
        `${hidden.join('')}</D:multistatus>`,
    )
  }

  #element(path: string): string {
    const entry = this.entries.get(path)
    const isDirectory = entry?.bytes === undefined
    const { writeHref, writeDate, extraXml, lengthError } = this.manners
    const href = writeHref(prefix + path + (isDirectory && path !== '/' ? '/' : ''))
    const length = isDirectory
      ? ''
      : `<D:getcontentlength>${entry.bytes.length + lengthError}</D:getcontentlength>`
    return (
      `<D:response><D:href>${href}</D:href>${extraXml}<D:propstat><D:prop>` +
      `<D:resourcetype>${isDirectory ? '<D:collection/>' : ''}</D:resourcetype>${length}` +
      `<D:getlastmodified>${writeDate(entry?.modifiedMs ?? 0)}</D:getlastmodified>` +
      `</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>`
    )
  }

  #get(request: IncomingMessage, response: ServerResponse, entry: Entry, bytes: Buffer): number | undefined {
    const lastModified = new Date(entry.modifiedMs).toUTCString()
    if (this.manners.getTellsLastModified) response.setHeader('Last-Modified', lastModified)
    if (request.headers['if-modified-since'] === lastModified) return 304
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
    const ifRange = request.headers['if-range']
    const isSameVersion = ifRange === undefined || ifRange === lastModified || !this.manners.heedsIfRange
    if (range === null || this.manners.range === 'ignored' || !isSameVersion) {
      response.writeHead(200, { 'Content-Length': bytes.length }).end(bytes)
      return undefined
    }
    const start = Number(range[1]) + (this.manners.range === 'off by one' ? 1 : 0)
    const wantedEnd = range[2] === '' ? bytes.length - 1 : Number(range[2])
    const end = Math.min(wantedEnd, bytes.length - 1) - (this.manners.range === 'short' ? 10 : 0)
    const part = bytes.subarray(start, end + 1)
    response
      .writeHead(206, {
        'Content-Range': `bytes ${start}-${end}/${bytes.length}`,
        'Content-Length': part.length,
      })
      .end(part)
    return undefined
  }

  #put(response: ServerResponse, path: string, body: Buffer): number {
    const isNew = !this.entries.has(path)
    this.put(path, body)
    const { modifiedMs } = this.entries.get(path)!
    if (this.manners.putTellsLastModified)
      response.setHeader('Last-Modified', new Date(modifiedMs).toUTCString())
    if (this.manners.putTellsEtag) response.setHeader('ETag', `"${modifiedMs}"`)
    return isNew ? 201 : 204
  }

  #lock(request: IncomingMessage, response: ServerResponse): number | undefined {
    const isRefresh = request.headers['if'] !== undefined
    if ((isRefresh ? this.manners.refreshes : this.manners.locks) === 'refused') return isRefresh ? 412 : 423
    const token = 'opaquelocktoken:1'
    const inBody = `<D:locktoken><D:href>${token}</D:href></D:locktoken>`
    response.writeHead(200, { 'Content-Type': 'application/xml', 'Lock-Token': `<${token}>` })
    response.end(
      `<D:prop xmlns:D="DAV:"><D:lockdiscovery><D:activelock>${this.manners.lockTokenIn === 'body' ? inBody : ''}` +
        `</D:activelock></D:lockdiscovery></D:prop>`,
    )
    return undefined
  }

  #move(from: string, to: string): number {
    const existed = this.entries.has(to)
    if (existed) this.#remove(to)
    for (const [path, entry] of [...this.entries]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue
      this.entries.delete(path)
      this.entries.set(to + path.slice(from.length), entry)
    }
    this.#touch(from)
    this.#touch(to)
    return existed ? 204 : 201
  }

  #remove(path: string): void {
    for (const other of [...this.entries.keys()]) {
      if (other === path || other.startsWith(`${path}/`)) this.entries.delete(other)
    }
    this.#touch(path)
  }

  #place(path: string, entry: Entry): void {
    this.entries.set(path, entry)
    this.#touch(path)
  }

  /** Moves the time of the directory that holds `path`. */
  #touch(path: string): void {
    if (!this.manners.directoryTimeMoves) return
    const parent = path.slice(0, path.lastIndexOf('/')) || '/'
    this.entries.set(parent, { bytes: undefined, modifiedMs: this.#tick() })
  }

  #tick(): number {
    this.#modifiedMs += 1000
    return this.#modifiedMs
  }

  #pathOf(target: string): string {
    const path = decodeURIComponent(target).slice(prefix.length).replace(/\/$/, '')
    return path === '' ? '/' : path
  }
}

/** A started server, and `files` in it (a content of `null` is a directory). */
export async function startModelServer(
  files: Readonly<Record<string, string | Uint8Array | null>> = {},
): Promise<ModelServer> {
  const server = new ModelServer()
  for (const [path, content] of Object.entries(files)) {
    if (content === null) server.makeDirectory(path)
    else server.put(path, content)
  }
  await server.start()
  return server
}
