import { randomBytes } from 'node:crypto'

import parseRange from 'range-parser'

import type { ByteRange } from '../../vfs/backend.ts'
import { nameOf } from '../../vfs/path.ts'
import { etagOf, type Node, type OpenedNode } from '../../vfs/vfs.ts'
import { respondWithFile, writeFile } from '../body/send-file.ts'
import { hasConditions, judgeConditions, rangeApplies } from '../conditions/http-conditions.ts'
import { checkIfHeader } from '../conditions/lock-conditions.ts'
import { httpDate } from '../dates.ts'
import type { Dav, Exchange } from '../exchange.ts'
import { contentTypeOf } from '../properties/live-properties.ts'
import { HttpRefusal } from '../refusal.ts'
import { respondEmpty } from '../respond.ts'
import { singleHeader } from '../single-header.ts'
import { allowedMethods } from './options.ts'

/** Each part of a multipart answer costs a read of its own. */
const maxRanges = 32

/** No page may embed a file, nor a browser take it for something it is not: the second line behind the gate's refusal of web pages. */
const againstBrowsers = ['X-Content-Type-Options', 'nosniff', 'Cross-Origin-Resource-Policy', 'same-origin']

/** GET (RFC 9110 §9.3.1), with ranges. macOS corrupts data when a Range request is answered with 200, so ranges are exact or refused. */
export async function get(exchange: Exchange, dav: Dav): Promise<void> {
  const { headers } = exchange.request
  if (exchange.manner === 'standard') await checkIfHeader(exchange, dav)
  if (headers.range === undefined && !hasConditions(headers)) {
    await sendWhole(exchange, await dav.vfs.read(exchange.target.path, undefined, exchange.call))
    return
  }
  const node = await statFile(exchange, dav)
  if (answeredByConditions(exchange, node)) return
  const ranges = requestedRanges(headers.range, singleHeader(headers['if-range']), node)
  if (ranges === undefined)
    await sendWhole(exchange, await dav.vfs.read(exchange.target.path, undefined, exchange.call))
  else if (ranges.length === 1 && ranges[0] !== undefined) await sendOneRange(exchange, dav, node, ranges[0])
  else await sendSeveralRanges(exchange, dav, node, ranges)
}

/** HEAD (RFC 9110 §9.3.2): the head that GET would send. */
export async function head(exchange: Exchange, dav: Dav): Promise<void> {
  if (exchange.manner === 'standard') await checkIfHeader(exchange, dav)
  const node = await statFile(exchange, dav)
  if (answeredByConditions(exchange, node)) return
  exchange.response.writeHead(200, [...describing(node, exchange), 'Content-Length', String(node.size)])
  exchange.response.end()
}

async function statFile(exchange: Exchange, dav: Dav): Promise<Node> {
  const node = await dav.vfs.stat(exchange.target.path, exchange.call)
  if (node.kind === 'directory') throw new HttpRefusal(405, { headers: { Allow: allowedMethods } })
  return node
}

function answeredByConditions(exchange: Exchange, node: Node): boolean {
  const verdict = judgeConditions(exchange.request.headers, node, true)
  if (verdict === 'failed') throw new HttpRefusal(412)
  if (verdict === 'not-modified') respondEmpty(exchange.response, 304, validators(node))
  return verdict === 'not-modified'
}

/** The ranges to send; undefined for the whole file (no `Range`, a malformed one, or `If-Range` about older content). @throws HttpRefusal 416. */
function requestedRanges(
  header: string | undefined,
  ifRange: string | undefined,
  node: Node,
): readonly ByteRange[] | undefined {
  if (header === undefined || !rangeApplies(ifRange, node)) return undefined
  // A suffix longer than the file means all of it (RFC 9110 §14.1.2); the parser would call it unsatisfiable.
  const clamped = header.replace(/([=,]\s*)-(\d+)/g, (_match, before: string, suffix: string) => {
    return `${before}-${Math.min(Number(suffix), node.size)}`
  })
  const ranges = parseRange(node.size, clamped)
  if (ranges === -1) throw new HttpRefusal(416, { headers: { 'Content-Range': `bytes */${node.size}` } })
  if (ranges === -2 || ranges.type.toLowerCase() !== 'bytes' || ranges.length > maxRanges) return undefined
  return ranges
}

async function sendWhole(exchange: Exchange, opened: OpenedNode): Promise<void> {
  await sendOpened(exchange, opened, 200, [])
}

async function sendOneRange(exchange: Exchange, dav: Dav, expected: Node, range: ByteRange): Promise<void> {
  const opened = await openUnchanged(exchange, dav, expected, range)
  const last = range.start + opened.length - 1
  await sendOpened(exchange, opened, 206, [
    'Content-Range',
    `bytes ${range.start}-${last}/${opened.node.size}`,
  ])
}

async function sendOpened(
  exchange: Exchange,
  opened: OpenedNode,
  status: 200 | 206,
  extra: readonly string[],
): Promise<void> {
  const headers = [...describing(opened.node, exchange), 'Content-Length', String(opened.length), ...extra]
  await respondWithFile(exchange.response, status, headers, opened)
}

async function sendSeveralRanges(
  exchange: Exchange,
  dav: Dav,
  node: Node,
  ranges: readonly ByteRange[],
): Promise<void> {
  const { response } = exchange
  const boundary = randomBytes(12).toString('hex')
  const type = contentTypeOf(nameOf(exchange.target.path))
  const partHeads = ranges.map(({ start, end }) =>
    Buffer.from(
      `\r\n--${boundary}\r\nContent-Type: ${type}\r\nContent-Range: bytes ${start}-${end}/${node.size}\r\n\r\n`,
    ),
  )
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  const bodyBytes = ranges.reduce((sum, { start, end }) => sum + end - start + 1, 0)
  const length = partHeads.reduce((sum, partHead) => sum + partHead.length, bodyBytes + tail.length)

  response.writeHead(206, [
    'Content-Type',
    `multipart/byteranges; boundary=${boundary}`,
    'Content-Length',
    String(length),
    ...againstBrowsers,
    ...validators(node),
  ])
  for (const [index, range] of ranges.entries()) {
    const opened = await openUnchanged(exchange, dav, node, range)
    try {
      response.write(partHeads[index])
      await writeFile(response, opened)
    } finally {
      await opened.close()
    }
  }
  response.end(tail)
}

/**
 * Opens a range of the very content the decision was made about. When the file has been replaced since, its parts would not
 * fit together: `busy` makes the client come again.
 */
async function openUnchanged(
  exchange: Exchange,
  dav: Dav,
  expected: Node,
  range: ByteRange,
): Promise<OpenedNode> {
  const opened = await dav.vfs.read(exchange.target.path, range, exchange.call)
  if (etagOf(opened.node) === etagOf(expected)) return opened
  await opened.close()
  throw new HttpRefusal(423)
}

function describing(node: Node, exchange: Exchange): readonly string[] {
  return [
    'Content-Type',
    contentTypeOf(nameOf(exchange.target.path)),
    'Accept-Ranges',
    'bytes',
    ...againstBrowsers,
    ...validators(node),
  ]
}

function validators(node: Node): readonly string[] {
  return ['ETag', etagOf(node), 'Last-Modified', httpDate(node.lastModifiedSec)]
}
