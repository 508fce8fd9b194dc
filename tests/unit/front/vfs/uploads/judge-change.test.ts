import { expect, it } from 'vitest'

import {
  judgeMove,
  judgeNewDirectory,
  judgeRemoval,
  type Found,
} from '../../../../../src-main/front/vfs/uploads/judge-change.ts'

const file = (fileId: number, size = 10, modifiedMs = 1_000): Found => ({
  kind: 'file',
  size,
  modifiedMs,
  createdMs: 0,
  fileId,
})
const folder = (fileId: number): Found => ({
  kind: 'directory',
  size: 0,
  modifiedMs: 0,
  createdMs: 0,
  fileId,
})

it.each<readonly [string, Found, Found, Found, string]>([
  ['what was moved is at the target, and only there', file(1), 'nothing', file(1), 'done'],
  ['so is a folder', folder(1), 'nothing', folder(1), 'done'],
  ['it is there, and somebody has made a new source', file(1), file(2, 5), file(1), 'done'],
  ['it is there under a new number', file(1), 'nothing', file(9), 'done'],
  ['it is still where it was', file(1), file(1), 'nothing', 'undone'],
  ['it is still there, and so is what it was to replace', file(1), file(1), file(2), 'undone'],
  ['it is still there, written to meanwhile', file(1), file(1, 99, 5_000), 'nothing', 'undone'],
  ['both ends are the same file', file(1), file(1), file(1), 'undone'],
  ['nothing was there to be moved', 'nothing', 'nothing', file(2), 'undone'],
  ['nothing is at either end', file(1), 'nothing', 'nothing', 'undone'],
  ['the source is gone, and another file is at the target', file(1), 'nothing', file(2, 5), 'unclear'],
  ['another folder is at the target', folder(1), 'nothing', folder(2), 'unclear'],
  ['a copy has come, but the source is another file', file(1), file(3), file(9), 'unclear'],
  ['the source was replaced by somebody else', file(1), file(2, 5), 'nothing', 'unclear'],
])('of a move: %s', (_what, source, from, to, verdict) => {
  expect(judgeMove(source, { from, to }).kind).toBe(verdict)
})

it('a move that has happened is answered with what is at the target', () => {
  expect(judgeMove(file(1), { from: 'nothing', to: file(1) })).toEqual({ kind: 'done', answer: file(1) })
})

it.each<readonly [string, Found, Found, string]>([
  ['it is gone', file(1), 'nothing', 'done'],
  ['so is a folder', folder(1), 'nothing', 'done'],
  ['it is there', file(1), file(1), 'undone'],
  ['half of a folder is there', folder(1), folder(1), 'undone'],
  ['there was nothing, and is nothing', 'nothing', 'nothing', 'undone'],
  ['another file is there', file(1), file(2), 'unclear'],
  ['a folder is there instead', file(1), folder(1), 'unclear'],
  ['there was nothing, and something is there now', 'nothing', file(1), 'unclear'],
])('of a removal: %s', (_what, known, now, verdict) => {
  expect(judgeRemoval(known, now).kind).toBe(verdict)
})

it.each<readonly [string, Found, Found, string]>([
  ['it is there', 'nothing', folder(1), 'done'],
  ['it is not there', 'nothing', 'nothing', 'undone'],
  ['it was there before', folder(1), folder(1), 'undone'],
  ['a file is there', 'nothing', file(1), 'undone'],
])('of a new directory: %s', (_what, known, now, verdict) => {
  expect(judgeNewDirectory(known, now).kind).toBe(verdict)
})
