import { expect, test } from 'vitest'

import { parsePath } from '../../../../src-main/front/vfs/path.ts'
import { SmallFiles } from '../../../../src-main/front/vfs/tree/small-files.ts'
import type { Chunks } from '../../../../src-main/front/vfs/backend.ts'
import type { Node, OpenedNode } from '../../../../src-main/front/vfs/vfs.ts'

const path = parsePath('/a')
const node: Node = { kind: 'file', size: 6, modifiedMs: 1, createdMs: 1, fileId: 1, lastModifiedSec: 0 }

function opened(chunks: readonly string[], length = chunks.join('').length): OpenedNode {
  // One buffer for all chunks, as a backend may use it: what is kept must be a copy.
  const lent = Buffer.alloc(64 * 1024)
  async function* body(): Chunks {
    for (const chunk of chunks) yield await Promise.resolve(lent.subarray(0, lent.write(chunk)))
  }
  return { node, length, body: body(), close: () => Promise.resolve() }
}

async function textOf(file: OpenedNode | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined
  let text = ''
  for await (const chunk of file.body) text += Buffer.from(chunk).toString()
  return text
}

test('a file that was read to its end is read again from memory, whole and in parts', async () => {
  const files = new SmallFiles()
  expect(await textOf(files.keepOnceRead(path, opened(['abc', 'def'])))).toBe('abcdef')
  expect(await textOf(files.open(path, node, undefined))).toBe('abcdef')
  expect(await textOf(files.open(path, node, { start: 2, end: 3 }))).toBe('cd')
  expect(files.open(path, node, { start: 4, end: 99 })?.length).toBe(2)
  expect(files.open(path, node, { start: 9, end: 10 })?.length).toBe(0)
})

test.each([
  ['size', { ...node, size: 7 }],
  ['time', { ...node, modifiedMs: 1.5 }],
  ['identity', { ...node, fileId: 2 }],
])('another version by %s is not served from memory', async (_what, changed) => {
  const files = new SmallFiles()
  await textOf(files.keepOnceRead(path, opened(['abcdef'])))
  expect(files.open(path, changed, undefined)).toBeUndefined()
})

test('a file that was only partly read, or came short, is not kept', async () => {
  const files = new SmallFiles()
  for await (const _chunk of files.keepOnceRead(path, opened(['abc', 'def'])).body) break
  expect(files.open(path, node, undefined)).toBeUndefined()
  await textOf(files.keepOnceRead(path, opened(['abc'], 6)))
  expect(files.open(path, node, undefined)).toBeUndefined()
})

test('a file beyond 64 KiB passes untouched', () => {
  const large = opened(['x'], 64 * 1024 + 1)
  expect(new SmallFiles().keepOnceRead(path, large)).toBe(large)
})
