import type { Chunks } from '../backend.ts'
import type { VfsPath } from '../path.ts'
import type { ReceivedBody, UploadStore } from './upload-store.ts'

/**
 * A body that has come in whole and is no upload yet: nobody sees it. A write of it is a matter of moments, so whoever
 * writes may claim the path only now. It goes when it is disposed of without having been written.
 */
export class ReceivedUpload implements Chunks, AsyncDisposable {
  readonly path: VfsPath
  readonly body: ReceivedBody
  /** As `PathClaims.treesReleased` was before `path` was looked at. */
  readonly seenAt: number
  readonly #store: UploadStore

  constructor(
    store: UploadStore,
    body: ReceivedBody,
    place: { readonly path: VfsPath; readonly seenAt: number },
  ) {
    this.#store = store
    this.body = body
    this.path = place.path
    this.seenAt = place.seenAt
  }

  /** The bytes as they came, for whoever does not know that they are here already. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    const { signal } = new AbortController()
    const opened = await this.#store.read(this.body.id, undefined, { signal })
    yield* opened.body
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#store.discard(this.body.id)
  }
}
