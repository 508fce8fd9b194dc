import { CachedContent } from '../caches/cached-content.ts'
import { displayPath, type VolumeNode, wirePath } from '../caches/node-tree.ts'
import { isVolumeError, VolumeError } from '../errno.ts'
import { managerStartMs, sequentialChunkBytes, sequentialDrainMs, sequentialStepBytes } from '../limits.ts'
import { checkStatus } from '../requests/check-reply.ts'
import type { Reply, StreamedRequest } from '../transport/dav-agent.ts'
import { toStreamError } from '../transport/http-exchange.ts'
import type { WorkerThread } from '../transport/worker-threads.ts'
import type { VolumeParts } from '../volume-parts.ts'
import { ifHeader } from './locks.ts'
import { noteStored } from './upload.ts'

/**
 * Finder's copy: one chunked PUT on a connection of its own, with a manager thread for its whole life and another thread for
 * each write call (webdavfs-403: N:3823-3830, 4031, 4049, Q:644). Apple begins a copy once more when the connection is lost right away
 * (V:2646, N:3087); here that is an error at once, which is harder on the server.
 */
export class SequentialUpload {
  readonly #volume: VolumeParts
  readonly #node: VolumeNode
  readonly #manager: WorkerThread
  readonly #request: StreamedRequest
  readonly #outcome: Promise<Reply | Error>
  #early: Reply | Error | undefined
  #sentBytes = 0

  private constructor(volume: VolumeParts, node: VolumeNode, manager: WorkerThread, expectedBytes: number) {
    this.#volume = volume
    this.#node = node
    this.#manager = manager
    const headers = {
      ...ifHeader(node),
      'Transfer-Encoding': 'chunked',
      'X-Expected-Entity-Length': String(expectedBytes),
    }
    const path = wirePath(volume.agent.basePath, node)
    this.#request = volume.agent.stream({ method: 'PUT', path, headers }, manager.name)
    this.#outcome = this.#request.reply
      .catch((error: unknown) => toStreamError(error))
      .then((outcome) => (this.#early = outcome))
  }

  /** @throws VolumeError EIO when all threads stay busy for 5 s (webdavfs-403: D:100, N:4052-4065), ETIMEDOUT while DOWN. */
  static async start(
    volume: VolumeParts,
    node: VolumeNode,
    expectedBytes: number,
  ): Promise<SequentialUpload> {
    if (!volume.agent.link.isUp) throw new VolumeError('ETIMEDOUT', 'the volume is down')
    const tooLate = new AbortController()
    const timer = volume.clock.setTimeout(() => {
      tooLate.abort(new VolumeError('EIO', 'no manager thread within 5 s'))
    }, managerStartMs)
    try {
      const { thread } = await volume.threads.acquire(tooLate.signal)
      return new SequentialUpload(volume, node, thread, expectedBytes)
    } finally {
      timer[Symbol.dispose]()
    }
  }

  get sentBytes(): number {
    return this.#sentBytes
  }

  /** @throws VolumeError; what the server answers before the end of the body becomes EIO here (webdavfs-403: V:2623-2642). */
  write(bytes: Uint8Array): Promise<void> {
    const path = displayPath(this.#node)
    return this.#volume.calls.call('writeseq', path, () => this.#writeSteps(bytes), 'for ever')
  }

  /** Ends the body and waits for the answer. @throws VolumeError by status; the caller, close(2), swallows it. */
  async finish(): Promise<void> {
    try {
      await this.#volume.calls.call('close', displayPath(this.#node), async (thread) => {
        this.#request.sent.end()
        const outcome = await this.#outcome
        if (outcome instanceof Error) throw this.#asVolumeError(outcome)
        checkStatus(outcome.status, `PUT ${displayPath(this.#node)}`)
        // We take it that the local copy does not outlive a sequential upload: the next open downloads.
        this.#node.content = new CachedContent()
        await noteStored(this.#volume, this.#node, outcome, this.#sentBytes, thread.name)
      })
    } finally {
      this.#end()
    }
  }

  cancel(): void {
    this.#end()
    this.#node.forgetAttributes()
  }

  async #writeSteps(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length; offset += sequentialStepBytes) {
      const step = bytes.subarray(offset, offset + sequentialStepBytes)
      await this.#writeStep(step)
      this.#sentBytes += step.length
    }
  }

  async #writeStep(step: Uint8Array): Promise<void> {
    this.#throwIfRefused()
    const { promise: tooSlow, reject } = Promise.withResolvers<never>()
    const timer = this.#volume.clock.setTimeout(() => {
      reject(new VolumeError('ETIMEDOUT', 'a step of a sequential upload did not drain within 30 s'))
    }, sequentialDrainMs)
    try {
      await Promise.race([drain(this.#request, step), tooSlow, this.#outcome])
    } catch (error) {
      if (isVolumeError(error)) throw error
      // The server may have answered before it closed: the answer counts, where there is one.
      this.#early ??= await this.#outcome
    } finally {
      timer[Symbol.dispose]()
    }
    // An answer that has arrived meanwhile gets its turn before the next step.
    await new Promise((resolve) => setImmediate(resolve))
    this.#throwIfRefused()
  }

  #throwIfRefused(): void {
    const early = this.#early
    if (early instanceof Error) throw new VolumeError('EIO', early.message, undefined, early)
    if (early === undefined || early.status < 300) return
    throw new VolumeError(
      'EIO',
      `PUT ${displayPath(this.#node)}: ${early.status} before its end`,
      early.status,
    )
  }

  #asVolumeError(error: Error): VolumeError {
    return error instanceof VolumeError ? error : this.#volume.agent.streamFailed(toStreamError(error))
  }

  #end(): void {
    this.#request.drop()
    this.#manager.release()
  }
}

/** Writes one step as chunks of 8 KiB and resolves when the system has taken the last one. */
function drain({ sent }: StreamedRequest, step: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    sent.cork()
    for (let offset = 0; offset < step.length; offset += sequentialChunkBytes) {
      const isLast = offset + sequentialChunkBytes >= step.length
      const chunk = step.subarray(offset, offset + sequentialChunkBytes)
      sent.write(chunk, (error) => {
        if (error !== null && error !== undefined) reject(error)
        else if (isLast) resolve()
      })
    }
    sent.uncork()
  })
}
