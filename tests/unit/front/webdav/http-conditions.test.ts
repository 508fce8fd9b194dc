import { expect, test } from 'vitest'

import {
  judgeConditions,
  rangeApplies,
} from '../../../../src-main/front/webdav/conditions/http-conditions.ts'
import { etagOf, type Node } from '../../../../src-main/front/vfs/vfs.ts'

const node: Node = {
  kind: 'file',
  size: 10,
  modifiedMs: 1_700_000_000_123,
  createdMs: 0,
  fileId: 7,
  lastModifiedSec: 1_700_000_000,
}
const tag = etagOf(node)
const date = 'Tue, 14 Nov 2023 22:13:20 GMT'
const earlier = 'Tue, 14 Nov 2023 22:13:19 GMT'
const later = 'Tue, 14 Nov 2023 22:13:21 GMT'

test.each([
  // [headers, there is a file, a read, verdict]
  [{}, true, true, 'go-on'],
  [{ 'if-match': tag }, true, false, 'go-on'],
  [{ 'if-match': `"other", ${tag}` }, true, false, 'go-on'],
  [{ 'if-match': '"other"' }, true, false, 'failed'],
  [{ 'if-match': `W/${tag}` }, true, false, 'failed'],
  [{ 'if-match': '*' }, true, false, 'go-on'],
  [{ 'if-match': '*' }, false, false, 'failed'],
  [{ 'if-match': tag }, false, false, 'failed'],
  [{ 'if-none-match': '*' }, false, false, 'go-on'],
  [{ 'if-none-match': '*' }, true, false, 'failed'],
  [{ 'if-none-match': tag }, true, false, 'failed'],
  [{ 'if-none-match': tag }, true, true, 'not-modified'],
  [{ 'if-none-match': `W/${tag}` }, true, true, 'not-modified'],
  [{ 'if-none-match': '"other"', 'if-modified-since': date }, true, true, 'go-on'],
  [{ 'if-modified-since': date }, true, true, 'not-modified'],
  [{ 'if-modified-since': earlier }, true, true, 'go-on'],
  [{ 'if-modified-since': later }, true, true, 'go-on'],
  [{ 'if-modified-since': 'yesterday' }, true, true, 'go-on'],
  [{ 'if-modified-since': date }, true, false, 'go-on'],
  [{ 'if-unmodified-since': date }, true, false, 'go-on'],
  [{ 'if-unmodified-since': earlier }, true, false, 'failed'],
  [{ 'if-match': tag, 'if-unmodified-since': earlier }, true, false, 'go-on'],
] as const)('%j with a file (%s) for a read (%s) is judged %s', (headers, exists, isRead, verdict) => {
  expect(judgeConditions(headers, exists ? node : undefined, isRead)).toBe(verdict)
})

test.each([
  [undefined, true],
  [tag, true],
  [`W/${tag}`, false],
  ['"other"', false],
  [date, true],
  [earlier, false],
  [later, false],
  ['nonsense', false],
])('a range is honoured under If-Range %j: %s', (ifRange, applies) => {
  expect(rangeApplies(ifRange, node)).toBe(applies)
})
