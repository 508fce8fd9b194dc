import { AppError } from '../../../shared/errors.ts'
import type { Attributes, Call, Chunks } from '../backend.ts'
import type { VfsPath } from '../path.ts'
import type { Deliveries } from './delivery.ts'
import { liveUpload, type LiveUpload, type PendingFile } from './pending-index.ts'
import { baseAt, refuseImpossiblePlace } from './place.ts'
import { promise } from './promised-attributes.ts'
import type { QueueParts } from './queue-parts.ts'
import { ReceivedUpload } from './received-upload.ts'
import { refuseLargeFile, refuseLongPath, withinFileSize } from './refusals.ts'
import type { UploadId, UploadRecord } from './upload.ts'
import type { ReceivedBody } from './upload-store.ts'
import { writeDirectly } from './write-directly.ts'

/** An empty file is nearly always followed by its content, which then saves a delivery. */
const emptyFileGraceMs = 2_000
/** macOS gives up after 90 s. What is not answered then goes on by itself. */
const writeThroughPatienceMs = 60_000

/**
 * Takes in a body that is meant for `path`, at the pace at which it comes and without keeping anybody from the path. What is known to be
 * refused is refused before the body is asked for.
 * @throws AppError `is-a-directory`, `parent-missing`, `name-too-long`, `file-too-large`, `no-space`, what `body` throws.
 */
export async function receiveUpload(
  parts: QueueParts,
  path: VfsPath,
  body: Chunks,
  call: Call,
): Promise<ReceivedUpload> {
  const { store, limits } = parts
  refuseLongPath(path, limits)
  refuseLargeFile(path, call.expectedBytes, limits)
  const seenAt = parts.changes.treesReleased
  await refuseImpossiblePlace(parts, path, call)
  store.checkRoom(call.expectedBytes)
  const describe = (id: UploadId, size: number): UploadRecord => recordFor(parts, path, { id, size })
  // What is only to be passed on is synced when it turns out that it has to stay.
  const isDurable = parts.mode === 'queued'
  const received = await store.receive(withinFileSize(path, body, limits), describe, {
    signal: call.signal,
    isDurable,
  })
  return new ReceivedUpload(store, received, { path, seenAt })
}

/**
 * `Backend.write`: answers as soon as `body` is durable here, or when the backend has it (write-through). The path is claimed when the
 * body is here; one that was received before, by `receiveUpload`, is taken over.
 * In write-through mode a refusal of the backend refuses the write and leaves nothing behind; after a minute of silence the
 * answer is `stalled` and the upload stays.
 * @throws AppError `is-a-directory`, `parent-missing`, `name-too-long`, `file-too-large`, `no-space`, what `body` throws.
 */
export async function acceptUpload(
  parts: QueueParts,
  deliveries: Deliveries,
  path: VfsPath,
  body: Chunks,
  call: Call,
): Promise<Attributes> {
  await using received = body instanceof ReceivedUpload ? body : await receiveUpload(parts, path, body, call)
  using _claim = await parts.changes.take([{ path, scope: 'node' }], call.signal)
  if (hasMoved(parts, path, received)) {
    refuseLongPath(path, parts.limits)
    await refuseImpossiblePlace(parts, path, call)
  }
  const isQueued = parts.mode === 'queued'
  const startedMs = parts.clock.monotonicMs()
  const directly = isQueued ? undefined : await writeDirectly(parts, path, received)
  if (directly?.kind === 'done') return directly.attributes
  const upload = await commit(parts, path, received.body, {
    signal: call.signal,
    attempted: directly?.attempted ?? false,
  })
  const { record } = upload
  const { size, modifiedMs: acceptedMs } = record.promised
  parts.emit({ type: 'accepted', id: record.id, path, size, acceptedMs })
  parts.onStep('answered')
  const patienceMs = writeThroughPatienceMs - (parts.clock.monotonicMs() - startedMs)
  const settled = isQueued ? undefined : whenSettled(parts, upload, patienceMs)
  deliveries.schedule(fileOf(parts, path), isQueued && record.promised.size === 0 ? emptyFileGraceMs : 0)
  return (await settled) ?? record.promised
}

/** Whether clients have changed anything since the place was looked at for the body. */
function hasMoved(
  { changes, knownAt }: QueueParts,
  path: VfsPath,
  { path: lookedAt, seenAt }: ReceivedUpload,
): boolean {
  const known = knownAt(path)
  const isDirectory = typeof known === 'object' && known.kind === 'directory'
  return path !== lookedAt || changes.treesReleased !== seenAt || isDirectory
}

async function commit(
  parts: QueueParts,
  path: VfsPath,
  received: ReceivedBody,
  call: Call & { readonly attempted: boolean },
): Promise<LiveUpload> {
  const { store, index, accepting } = parts
  const committed = Promise.withResolvers<undefined>()
  let replaced: readonly UploadId[] = []
  const supersedes = (): readonly UploadId[] => {
    const file = index.at(path)
    // A delivery that may have happened is needed to recognise its content; see `PendingFile.earlier`.
    replaced = file === undefined || file.newest.record.attempted ? [] : [file.newest.record.id]
    return replaced
  }
  accepting.set(path, committed.promise)
  try {
    const record = { ...recordFor(parts, path, received), attempted: call.attempted }
    await store.accept(record, supersedes, call)
    return place(parts, liveUpload(record), replaced)
  } finally {
    accepting.delete(path)
    committed.resolve(undefined)
  }
}

function recordFor(parts: QueueParts, path: VfsPath, { id, size }: ReceivedBody): UploadRecord {
  const nowMs = parts.clock.now()
  const known = parts.index.at(path)?.newest.record.promised ?? parts.knownAt(path)
  const createdMs = typeof known === 'object' ? known.createdMs : nowMs
  return {
    id,
    path,
    promised: promise(id, size, nowMs, createdMs),
    base: baseAt(parts, path),
    attempted: false,
    attempts: 0,
    replaced: false,
  }
}

function place({ index }: QueueParts, upload: LiveUpload, replaced: readonly UploadId[]): LiveUpload {
  const { path } = upload.record
  const file = index.at(path)
  if (file === undefined) {
    index.put({ path, newest: upload, earlier: undefined })
    return upload
  }
  const before = file.newest
  if (replaced.includes(before.record.id)) index.forget(before.record.id)
  else {
    before.record = { ...before.record, replaced: true }
    file.earlier = before
  }
  file.newest = upload
  index.put(file)
  return upload
}

function fileOf({ index }: QueueParts, path: VfsPath): PendingFile {
  const file = index.at(path)
  if (file === undefined) throw new AppError('unexpected')
  return file
}

/** A client that leaves meanwhile changes nothing: its bytes are durable, so they are delivered. */
function whenSettled({ clock }: QueueParts, upload: LiveUpload, patienceMs: number): Promise<Attributes> {
  const settled = Promise.withResolvers<Attributes>()
  upload.settled = settled
  const timer = clock.setTimeout(() => {
    upload.settled = undefined
    settled.reject(new AppError('stalled', { limitMs: writeThroughPatienceMs }))
  }, patienceMs)
  return settled.promise.finally(() => {
    timer[Symbol.dispose]()
  })
}
