import { attributesHeader, fileRoutes, type DirectoryLine } from '../../api/files.ts'
import { BridgeError } from '../../lib/bridge-error.ts'
import { answerJson } from '../../lib/http-answers.ts'
import { NdjsonWriter } from '../../lib/ndjson-writer.ts'
import type { Intent } from './errno.ts'
import { taskOf, type Exchange } from './exchange.ts'
import { exportStatusOf } from './export-status.ts'
import { close } from './fs-calls.ts'
import { listDirectory } from './list-directory.ts'
import { makeDirectory } from './make-directory.ts'
import { moveEntry } from './move-entry.ts'
import { openContent, type ByteRange } from './open-content.ts'
import { parentOf, nameOf, type TreePath } from './path.ts'
import type { Query } from './query.ts'
import { removeEntry } from './remove-entry.ts'
import { RequestBody } from './request-body.ts'
import { sendContent } from './send-content.ts'
import { setModified, spaceOf, statEntry } from './stat-entry.ts'
import { writeContent } from './write-content.ts'

export interface Route {
  /** Whether it is refused on a read-only mount. */
  readonly changes: boolean
  /** What "no such file" means to it. */
  readonly intent: Intent
  readonly handle: (exchange: Exchange) => Promise<void>
}

/** Lines that go out together. */
const linesPerWrite = 256
const progressEveryMs = 200

const ask = (handle: Route['handle']): Route => ({ changes: false, intent: 'use', handle })
const change = (intent: Intent, handle: Route['handle']): Route => ({ changes: true, intent, handle })

/** Keyed by method and path, all of `docker/bridge/api/files.ts` but `cancel`. */
export const routes: Readonly<Record<string, Route>> = {
  [`GET ${fileRoutes.directory}`]: ask(sendListing),
  [`GET ${fileRoutes.attributes}`]: ask(async (exchange) => {
    const { tree, query, response } = exchange
    const task = taskOf(exchange, tree.lanes.attributes)
    const path = query.path('path')
    answerJson(response, 200, await lookDespiteReplacement(exchange, path, () => statEntry(tree, path, task)))
  }),
  [`GET ${fileRoutes.content}`]: ask(sendFile),
  [`PUT ${fileRoutes.content}`]: change('create', async (exchange) => {
    const { tree, query, pool, request, response, signal } = exchange
    const body = new RequestBody(request, response, signal)
    const content = { body, announcedBytes: query.bytes('size'), pool }
    const task = taskOf(exchange, tree.lanes.attributes)
    answerJson(response, 200, await writeContent(tree, query.path('path'), content, task))
  }),
  [`POST ${fileRoutes.directory}`]: change('create', async (exchange) => {
    const { tree, query, response } = exchange
    const task = taskOf(exchange, tree.lanes.change)
    answerJson(response, 201, await makeDirectory(tree, query.path('path'), task))
  }),
  [`POST ${fileRoutes.move}`]: change('create', async (exchange) => {
    const { tree, query, response } = exchange
    const task = taskOf(exchange, tree.lanes.change)
    answerJson(response, 200, await moveEntry(tree, query.path('from'), query.path('to'), task))
  }),
  [`DELETE ${fileRoutes.entry}`]: change('use', removeWithProgress),
  [`PUT ${fileRoutes.times}`]: change('use', async (exchange) => {
    const { tree, query, response } = exchange
    const task = taskOf(exchange, tree.lanes.change)
    answerJson(response, 200, await setModified(tree, query.path('path'), query.time('modifiedMs'), task))
  }),
  [`GET ${fileRoutes.space}`]: ask(async (exchange) => {
    const { tree, response } = exchange
    answerJson(response, 200, await spaceOf(tree, taskOf(exchange, tree.lanes.status)))
  }),
  [`GET ${fileRoutes.exportStatus}`]: ask(async (exchange) => {
    const { tree, query, response, statusProgram } = exchange
    const task = taskOf(exchange, tree.lanes.status)
    answerJson(response, 200, await exportStatusOf(tree, query.path('path'), task, statusProgram))
  }),
}

async function sendListing(exchange: Exchange): Promise<void> {
  const { tree, query, response } = exchange
  const writer = new NdjsonWriter(response)
  let lines: DirectoryLine[] = []
  const task = taskOf(exchange, tree.lanes.list)
  for await (const batch of listDirectory(tree, query.path('path'), task)) {
    lines.push(...batch)
    if (lines.length < linesPerWrite) continue
    await writer.write(...lines)
    lines = []
  }
  await writer.write(...lines)
  writer.end()
}

async function sendFile(exchange: Exchange): Promise<void> {
  const { tree, query, pool, response } = exchange
  const path = query.path('path')
  const range = rangeOf(query)
  const opening = taskOf(exchange, tree.lanes.attributes)
  const content = await lookDespiteReplacement(exchange, path, () => openContent(tree, path, range, opening))
  try {
    response.setHeader('Content-Type', 'application/octet-stream')
    response.setHeader('Content-Length', content.length)
    response.setHeader(attributesHeader, JSON.stringify(content.attributes))
    // A client that waits for the head before it asks for more must not wait for a disk.
    response.flushHeaders()
    await sendContent(content, response, taskOf(exchange, tree.lanes.read), pool)
    response.end()
  } finally {
    await opening.finish(() => close(content.fd))
  }
}

function rangeOf(query: Query): ByteRange | undefined {
  const start = query.bytes('start')
  const end = query.bytes('end')
  if (start === undefined && end === undefined) return undefined
  if (start === undefined || end === undefined || end < start) {
    throw new BridgeError('bad-request', { reason: 'not a range' })
  }
  return { start, end }
}

async function removeWithProgress(exchange: Exchange): Promise<void> {
  const { tree, query, response, clock } = exchange
  const writer = new NdjsonWriter(response)
  let removed = 0
  let toldAtMs = clock.monotonicMs()
  await removeEntry(tree, query.path('path'), taskOf(exchange, tree.lanes.change), () => {
    removed++
    if (clock.monotonicMs() - toldAtMs < progressEveryMs) return
    toldAtMs = clock.monotonicMs()
    // Not waited for: a client that hangs up is noticed by the signal.
    writer.write({ removed }).catch(() => undefined)
  })
  await writer.write({ done: true })
  writer.end()
}

function lookDespiteReplacement<T>({ tree }: Exchange, path: TreePath, look: () => Promise<T>): Promise<T> {
  const dir = tree.containment.locate(parentOf(path), 'use')
  return tree.replacements.lookDespite(`${dir}/${nameOf(path)}`, look, isNothing)
}

function isNothing(error: unknown): boolean {
  return error instanceof BridgeError && error.code === 'not-found'
}
