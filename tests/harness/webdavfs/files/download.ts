import type { IncomingHttpHeaders } from 'node:http'

import { displayPath, type VolumeNode, wirePath } from '../caches/node-tree.ts'
import { errnoOfStatus, VolumeError } from '../errno.ts'
import { contentValidMs, firstPageBytes } from '../limits.ts'
import { parseHttpDate } from '../parser/dates.ts'
import type { OpenReply } from '../transport/dav-agent.ts'
import { toStreamError } from '../transport/http-exchange.ts'
import type { VolumeParts } from '../volume-parts.ts'

/** A GET whose body still arrives. */
export interface Download {
  /** How long the file will be, where the reply said so. */
  readonly expectedLength: number | undefined
  /** Closes the connection mid-body and keeps what came (webdavfs-403: N:2925-2949, 2996). */
  abort(): void
}

/**
 * Makes `node.content` current: nothing within 60 s, else a conditional GET of the whole file (webdavfs-403: CH:137, N:3394-3400,
 * 3491-3522). Resolves once the first page is there, with the download that goes on, if one does.
 * @throws VolumeError ESTALE where the server says the file is not there, though a look-up found it (F:316-322).
 */
export async function fetchContent(
  volume: VolumeParts,
  node: VolumeNode,
  thread: string,
): Promise<Download | undefined> {
  const { content } = node
  const nowMs = volume.clock.now()
  if (content.state === 'complete' && nowMs - content.validatedAtMs < contentValidMs) return undefined
  for (let retried = false; ; retried = true) {
    const conditions = conditionsFor(node)
    const path = wirePath(volume.agent.basePath, node)
    const reply = await volume.agent.open({ method: 'GET', path, headers: conditions }, thread)
    try {
      if (!(await isBodyWanted(volume, node, reply, conditions))) return undefined
      const download = new BackgroundDownload(volume, node, reply)
      await download.firstPage()
      return download.isOver ? undefined : download
    } catch (error) {
      if (error instanceof VolumeError) throw error
      // An error before the first page is the whole volume's (webdavfs-403: N:1618), one silent retry aside.
      reply.drop()
      content.breakOff('the first page did not arrive')
      const failure = toStreamError(error)
      if (failure.reason !== 'lost' || retried) throw volume.agent.streamFailed(failure)
    }
  }
}

/** Only a known `Last-Modified` makes a GET conditional; the ETag is never sent (webdavfs-403: N:3491-3522). */
function conditionsFor(node: VolumeNode): Record<string, string> {
  const { content } = node
  if (content.lastModified === undefined) return {}
  if (content.state === 'complete') return { 'If-Modified-Since': content.lastModified }
  if (content.state === 'partial' && content.length > 0) {
    return { 'If-Range': content.lastModified, Range: `bytes=${content.length}-` }
  }
  return {}
}

async function isBodyWanted(
  volume: VolumeParts,
  node: VolumeNode,
  reply: OpenReply,
  conditions: Record<string, string>,
): Promise<boolean> {
  const { content } = node
  const path = displayPath(node)
  const lastModified = reply.headers['last-modified']
  if (reply.status === 206) {
    const change = unfitContinuation(reply.headers, content.length, conditions['If-Range'])
    if (change !== undefined) volume.recorder.event({ kind: 'corruption', path, reason: change })
  } else if (reply.status === 200) {
    content.truncate(0)
  } else {
    for await (const _rest of reply.body);
    reply.finish()
    if (reply.status === 304) {
      content.validatedAtMs = volume.clock.now()
      return false
    }
    const errno = errnoOfStatus(reply.status) ?? 'EIO'
    throw new VolumeError(errno === 'ENOENT' ? 'ESTALE' : errno, `GET ${path}: ${reply.status}`, reply.status)
  }
  if (lastModified === undefined) {
    volume.recorder.event({
      kind: 'extra-traffic',
      path,
      reason: 'its GET has no Last-Modified: every open downloads it again',
    })
  }
  content.lastModified = lastModified
  content.state = 'downloading'
  return true
}

/** The agent appends any 206 to what it has; this says why it must not. */
function unfitContinuation(
  headers: IncomingHttpHeaders,
  have: number,
  ifRange: string | undefined,
): string | undefined {
  if (ifRange === undefined) return 'a 206 that was not asked for was appended'
  const start = /^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1]
  if (start === undefined || Number(start) !== have)
    return `a 206 from byte ${start ?? '?'} was appended at ${have}`
  const lastModified = headers['last-modified']
  return lastModified === undefined || lastModified === ifRange
    ? undefined
    : 'a 206 of a newer version was appended to the older one'
}

class BackgroundDownload implements Download {
  readonly expectedLength: number | undefined
  isOver = false
  readonly #volume: VolumeParts
  readonly #node: VolumeNode
  readonly #reply: OpenReply
  readonly #chunks: AsyncIterator<Buffer>
  readonly #leaveQueue = new AbortController()

  constructor(volume: VolumeParts, node: VolumeNode, reply: OpenReply) {
    this.#volume = volume
    this.#node = node
    this.#reply = reply
    this.#chunks = reply.body[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    const announced = reply.headers['content-length']
    this.expectedLength = announced === undefined ? undefined : node.content.length + Number(announced)
  }

  async firstPage(): Promise<void> {
    const { content } = this.#node
    const enough = content.length + firstPageBytes
    while (!this.isOver && content.length < enough) await this.#next()
    if (!this.isOver) void this.#continue()
  }

  abort(): void {
    if (this.isOver) return
    this.isOver = true
    this.#reply.drop()
    this.#leaveQueue.abort(new Error('closed'))
    const { content } = this.#node
    // All bytes had come and only the end of the body was not read yet: there is no rest to ask for.
    if (content.length === this.expectedLength) content.complete()
    else content.breakOff('closed before its end')
  }

  /** The rest holds a thread of the five until it is done (webdavfs-403: Q:617), and does not make the volume DOWN (N:2962-3004). */
  async #continue(): Promise<void> {
    try {
      const { thread } = await this.#volume.threads.acquire(this.#leaveQueue.signal)
      try {
        while (!this.isOver) await this.#next()
      } finally {
        thread.release()
      }
    } catch (error) {
      if (this.isOver) return
      this.isOver = true
      this.#reply.drop()
      const reason = `the download broke off: ${String(error)}`
      this.#node.content.breakOff(reason)
    }
  }

  async #next(): Promise<void> {
    const { content } = this.#node
    const result = await this.#chunks.next()
    if (this.isOver) return
    if (result.done !== true) {
      content.append(result.value)
      return
    }
    this.isOver = true
    this.#reply.finish()
    content.validatedAtMs = this.#volume.clock.now()
    this.#compareSize()
    content.complete()
  }

  /** PROPFIND and GET of the same version must agree, or programs read past the end, or never get there. */
  #compareSize(): void {
    const { content } = this.#node
    const told = this.#node.freshAttributes(this.#volume.clock.now())
    if (told === undefined || told.size === content.length) return
    if (told.modifiedSec !== parseHttpDate(content.lastModified)) return
    const reason = `listed with ${told.size} bytes, downloaded with ${content.length}`
    this.#volume.recorder.event({ kind: 'corruption', path: displayPath(this.#node), reason })
  }
}
