import { isFinderName } from '../../vfs/finder/finder-names.ts'
import { nameOf } from '../../vfs/path.ts'
import type { Directory } from '../../vfs/vfs.ts'
import type { SpaceInfo } from '../../vfs/backend.ts'
import { readTextBody } from '../body/xml-body.ts'
import { checkIfHeader } from '../conditions/lock-conditions.ts'
import type { Dav, Exchange, MethodHandler } from '../exchange.ts'
import { encodeName } from '../href.ts'
import { quotaProperties } from '../properties/live-properties.ts'
import { PropertyRequestReader, type PropertyRequest } from '../properties/property-request.ts'
import { byteLength } from '../properties/rendered-listings.ts'
import {
  multistatusEnd,
  multistatusStart,
  responseRenderer,
  type ResponseSource,
} from '../properties/response-renderer.ts'
import { HttpRefusal } from '../refusal.ts'
import { respondXml, writePiece } from '../respond.ts'

/** Rendering this many entries takes a few milliseconds; other requests get their turn in between. */
const entriesPerPiece = 500

/** Listings beyond this are not kept: one of them would push out all others. */
const maxKeptBytes = 8 * 1024 * 1024

/** PROPFIND (RFC 4918 §9.1). Depth 1 is streamed; Depth infinity is refused, it would walk the whole bucket. */
export function createPropfind(): MethodHandler {
  const requests = new PropertyRequestReader()
  return async (exchange, dav) => {
    const depth = exchange.request.headers.depth ?? 'infinity'
    if (depth !== '0' && depth !== '1') {
      const isInfinity = String(depth).toLowerCase() === 'infinity'
      throw isInfinity
        ? new HttpRefusal(403, { precondition: 'propfind-finite-depth' })
        : new HttpRefusal(400)
    }
    const request = requests.read(await readTextBody(exchange))
    if (exchange.manner === 'standard') await checkIfHeader(exchange, dav)
    await (depth === '0' ? describeOne(exchange, dav, request) : describeDirectory(exchange, dav, request))
  }
}

async function describeOne(exchange: Exchange, dav: Dav, request: PropertyRequest): Promise<void> {
  const node = await dav.vfs.stat(exchange.target.path, exchange.call)
  const render = responseRenderer(request, exchange.manner)
  const source = await sourceMaker(exchange, dav, request)
  respondXml(exchange.response, 207, multistatusStart + render(source(node, '')) + multistatusEnd)
}

async function describeDirectory(exchange: Exchange, dav: Dav, request: PropertyRequest): Promise<void> {
  let directory: Directory
  const node = await dav.vfs.stat(exchange.target.path, exchange.call)
  if (node.kind === 'directory') directory = await dav.vfs.list(exchange.target.path, exchange.call)
  else directory = { node, children: new Map() }
  const children = asksWhetherEmpty(exchange, request) ? usersOwn(directory.children) : directory.children

  const cacheKey = isKeepable(request, dav)
    ? `${exchange.manner} ${exchange.target.href} ${request.key}`
    : undefined
  const kept = cacheKey === undefined ? undefined : dav.renderedListings.get(directory, cacheKey)
  if (kept !== undefined) {
    await sendPieces(exchange, kept)
    return
  }
  const pieces = await renderPieces(exchange, dav, request, { node: directory.node, children })
  if (cacheKey !== undefined && byteLength(pieces) <= maxKeptBytes)
    dav.renderedListings.keep(directory, cacheKey, pieces)
}

/** macOS asks only for the type of a directory's children before it removes or replaces it: more than none, and it will not. */
function asksWhetherEmpty({ manner }: Exchange, request: PropertyRequest): boolean {
  if (manner !== 'macos' || request.kind !== 'these' || request.properties.length !== 1) return false
  return request.properties[0]?.name === 'resourcetype'
}

/** Without what Finder keeps for itself, which goes when its directory goes. */
function usersOwn(children: Directory['children']): Directory['children'] {
  return new Map([...children].filter(([name]) => !isFinderName(name)))
}

/** What depends on more than the directory itself is rendered anew each time. */
function isKeepable(request: PropertyRequest, dav: Dav): boolean {
  if (dav.vfs.properties.any()) return false
  return (
    request.kind !== 'these' ||
    !request.properties.some(({ name }) => name === 'lockdiscovery' || quotaProperties.has(name))
  )
}

async function sendPieces({ response }: Exchange, pieces: readonly Buffer[]): Promise<void> {
  writeHead(response, byteLength(pieces))
  for (const piece of pieces) await writePiece(response, piece)
  response.end()
}

/** Renders and sends piece by piece; a listing of one piece goes out in one write, with its length. */
async function renderPieces(
  exchange: Exchange,
  dav: Dav,
  request: PropertyRequest,
  directory: Directory,
): Promise<readonly Buffer[]> {
  const { response } = exchange
  const render = responseRenderer(request, exchange.manner)
  const source = await sourceMaker(exchange, dav, request)
  const pieces: Buffer[] = []
  let text = multistatusStart + render(source(directory.node, ''))
  let entries = 0
  for (const [name, node] of directory.children) {
    text += render(source(node, name))
    if (++entries % entriesPerPiece !== 0) continue
    const piece = Buffer.from(text)
    if (pieces.push(piece) === 1) writeHead(response, undefined)
    await writePiece(response, piece)
    exchange.call.signal.throwIfAborted()
    text = ''
  }
  const last = Buffer.from(text + multistatusEnd)
  if (pieces.push(last) === 1) writeHead(response, last.length)
  response.end(last)
  return pieces
}

function writeHead(response: Exchange['response'], length: number | undefined): void {
  const framing = length === undefined ? [] : ['Content-Length', String(length)]
  response.writeHead(207, ['Content-Type', 'application/xml; charset=utf-8', ...framing])
}

/** Gathers what the renderer may need of one node, and no more than the request calls for. */
async function sourceMaker(
  exchange: Exchange,
  dav: Dav,
  request: PropertyRequest,
): Promise<(node: ResponseSource['node'], name: string) => ResponseSource> {
  const { path, href } = exchange.target
  const asked = request.kind === 'all' ? request.include : request.kind === 'these' ? request.properties : []
  const wantsLocks = exchange.manner === 'standard' && asked.some(({ name }) => name === 'lockdiscovery')
  const wantsDead = exchange.manner === 'standard' && dav.vfs.properties.any()
  const wantsSpace = exchange.manner === 'standard' && asked.some(({ name }) => quotaProperties.has(name))
  const space: SpaceInfo | undefined = wantsSpace ? await dav.vfs.statfs(exchange.call) : undefined
  return (node, name) => {
    const nodePath = name === '' ? path : childPath(path, name)
    const nodeHref = name === '' ? href : `${href}/${encodeName(name)}`
    return {
      node,
      name: name === '' ? nameOf(path) : name,
      href: node.kind === 'directory' ? `${nodeHref}/` : nodeHref,
      dead: wantsDead ? dav.vfs.properties.of(nodePath) : [],
      locks: wantsLocks ? dav.locks.covering(nodePath) : undefined,
      space,
    }
  }
}

function childPath(directory: Exchange['target']['path'], name: string): Exchange['target']['path'] {
  // Names in a listing have been through the backend's and the vfs's checks already.
  return (directory === '/' ? `/${name}` : `${directory}/${name}`) as Exchange['target']['path']
}
