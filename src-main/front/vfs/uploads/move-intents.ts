import type { Attributes, Call } from '../backend.ts'
import { rebase, type VfsPath } from '../path.ts'
import type { Claim } from '../path-claims.ts'
import type { Deliveries } from './delivery.ts'
import { uploadsOf, type PendingFile } from './pending-index.ts'
import { look } from './place.ts'
import type { QueueParts } from './queue-parts.ts'
import { asDelivered } from './same-content.ts'
import { untilAnswered } from './until-answered.ts'
import type { BaseVersion, UploadRecord } from './upload.ts'
import type { MoveIntent } from './upload-store.ts'

/** What changes the tree at a path needs the path with all that is below it. */
export function treeClaim(path: VfsPath): Claim {
  return { path, scope: 'tree' }
}

/**
 * The backend has moved `from` to `to`: the uploads at `from` and below follow, those at `to` have been replaced. One below `to` has not: a
 * folder that is in the way is removed first, so that was saved in a folder of which only it was left. The same goes for one below a
 * file. `attributes` are those of what was moved.
 */
export function retarget(
  parts: QueueParts,
  deliveries: Deliveries,
  { from, to }: MoveIntent,
  attributes: Attributes,
): void {
  const { store, index, promises } = parts
  const followers = index.within(from).filter(({ path }) => path === from || attributes.kind === 'directory')
  const arriving = new Set(followers.map(({ path }) => rebase(path, from, to)))
  const replaced = index.within(to).filter(({ path }) => path === to || arriving.has(path))
  const gone = recordsOf(replaced).map((record) => ({ ...record, replaced: true }))
  const moved = recordsOf(followers).map((record) => movedRecord(record, from, to, attributes))
  // What is replaced is marked so in the same transaction, and can then go in one of its own.
  store.update([...moved, ...gone], { from, to })
  if (gone.length > 0) store.remove(gone.map(({ id }) => id))
  for (const file of replaced) {
    index.delete(file)
    deliveries.forget(file)
  }
  for (const file of followers) moveFile(parts, file, from, to, attributes)
  promises.move(from, to)
}

function recordsOf(files: readonly PendingFile[]): readonly UploadRecord[] {
  return files.flatMap((file) => uploadsOf(file).map(({ record }) => record))
}

function moveFile(
  { index }: QueueParts,
  file: PendingFile,
  from: VfsPath,
  to: VfsPath,
  attributes: Attributes,
): void {
  index.delete(file)
  for (const upload of uploadsOf(file)) upload.record = movedRecord(upload.record, from, to, attributes)
  file.path = file.newest.record.path
  index.put(file)
}

function movedRecord(record: UploadRecord, from: VfsPath, to: VfsPath, attributes: Attributes): UploadRecord {
  const base = record.path === from ? movedBase(record.base, attributes) : record.base
  return { ...record, path: rebase(record.path, from, to), base }
}

/** The same version, though some backends give what was moved a new identity. */
function movedBase(base: BaseVersion, moved: Attributes): BaseVersion {
  const isSame = typeof base === 'object' && base.size === moved.size && base.modifiedMs === moved.modifiedMs
  return isSame ? moved : base
}

/**
 * Finds out whether a move with an unknown end has happened, asking for as long as it takes, and does what is left of it.
 * Whoever calls has both trees claimed.
 */
export async function settleMove(
  parts: QueueParts,
  deliveries: Deliveries,
  intent: MoveIntent,
): Promise<void> {
  const { from, to } = intent
  const attributes = await movedAttributes(parts, intent)
  if (attributes === undefined) parts.store.removeIntent(intent)
  else {
    parts.onStep('backend-moved')
    retarget(parts, deliveries, intent, attributes)
    parts.emit({ type: 'moved', from, to })
  }
  parts.onChanged(from)
  parts.onChanged(to)
}

function movedAttributes(parts: QueueParts, { from, to }: MoveIntent): Promise<Attributes | undefined> {
  const { backend } = parts
  return untilAnswered(parts, async (call) => {
    if ((await look(backend, from, call)) !== 'nothing') return undefined
    const there = await look(backend, to, call)
    return there !== 'nothing' && (await cameFrom(parts, { from, to }, there, call)) ? there : undefined
  })
}

/**
 * A directory is only ever moved to where nothing was. But a file may have been at the target before, and of one that was only here
 * nothing has ever been at `from`: only what is recognised is taken for what was moved, else uploads at the target would be lost to it.
 */
async function cameFrom(
  parts: QueueParts,
  { from, to }: MoveIntent,
  there: Attributes,
  call: Call,
): Promise<boolean> {
  const file = parts.index.at(from)
  if (file === undefined) return true
  for (const upload of uploadsOf(file)) {
    const { base, attempted } = upload.record
    if (movedBase(base, there) === there) return true
    const atTarget = { ...upload, record: { ...upload.record, path: to } }
    if (attempted && (await asDelivered(parts, atTarget, there, call)) !== undefined) return true
  }
  return false
}
