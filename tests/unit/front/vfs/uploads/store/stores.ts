import { cpSync } from 'node:fs'
import { join } from 'node:path'

import { systemClock } from '../../../../../../src-main/lib/clock.ts'
import type { Call, Chunks } from '../../../../../../src-main/front/vfs/backend.ts'
import { parsePath } from '../../../../../../src-main/front/vfs/path.ts'
import {
  openUploadStore,
  type Recovery,
  type UploadStoreOptions,
} from '../../../../../../src-main/front/vfs/uploads/store/open-upload-store.ts'
import type { UploadId, UploadRecord } from '../../../../../../src-main/front/vfs/uploads/upload.ts'
import type { UploadStore } from '../../../../../../src-main/front/vfs/uploads/upload-store.ts'

export const neverAborted: Call & { readonly isDurable: boolean } = {
  signal: new AbortController().signal,
  isDurable: true,
}

export function openStore(stateDir: string, options: Partial<UploadStoreOptions> = {}): UploadStore {
  return openUploadStore({ stateDir, clock: systemClock, maxBytes: 1e9, reserveBytes: 0, ...options })
}

/** Opens a store whose folder somebody has been at, and tells what it had to recover. */
export function reopen(stateDir: string): { readonly store: UploadStore; readonly recoveries: Recovery[] } {
  const recoveries: Recovery[] = []
  return { store: openStore(stateDir, { onRecovered: (recovery) => recoveries.push(recovery) }), recoveries }
}

/** The folder as a power cut at this moment would leave it, somewhere else. */
export function crashedCopy(stateDir: string, name: string): string {
  const copyDir = join(stateDir, '..', name)
  cpSync(stateDir, copyDir, { recursive: true })
  return copyDir
}

export function recordOf(id: UploadId, path: string, size: number): UploadRecord {
  return {
    id,
    path: parsePath(path),
    promised: { kind: 'file', size, modifiedMs: 1_700_000_000_000.25, createdMs: 1, fileId: id },
    base: 'unknown',
    attempted: false,
    attempts: 0,
    replaced: false,
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- a body that has no need to wait
export async function* chunksOf(...chunks: readonly (string | Uint8Array)[]): Chunks {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

export async function put(
  store: UploadStore,
  path: string,
  body: string | Uint8Array | Chunks,
  options: { readonly supersedes?: readonly UploadId[]; readonly signal?: AbortSignal } = {},
): Promise<UploadRecord> {
  const chunks = typeof body === 'string' || body instanceof Uint8Array ? chunksOf(body) : body
  const call = { ...neverAborted, signal: options.signal ?? neverAborted.signal }
  const { id, size } = await store.receive(chunks, (newId, bytes) => recordOf(newId, path, bytes), call)
  const record = recordOf(id, path, size)
  await store.accept(record, () => options.supersedes ?? [], call)
  return record
}

export async function bytesOf(body: Chunks): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const chunk of body) parts.push(Buffer.from(chunk))
  return Buffer.concat(parts)
}

export async function textOf(store: UploadStore, id: UploadId): Promise<string> {
  return (await bytesOf((await store.read(id, undefined, neverAborted)).body)).toString()
}

/** Paths and contents of all uploads, in their order. */
export async function contentsOf(store: UploadStore): Promise<readonly (readonly [string, string])[]> {
  const contents: [string, string][] = []
  for (const { id, path } of store.load()) contents.push([path, await textOf(store, id)])
  return contents
}
