import { beforeEach, describe, expect, test } from 'vitest'

import { untilDrained } from '../../../../src-main/front/process/drain.ts'
import { answerUploadCommand } from '../../../../src-main/front/process/upload-commands.ts'
import { reportUploads, uploadsEvent } from '../../../../src-main/front/process/upload-report.ts'
import { parsePath } from '../../../../src-main/front/vfs/path.ts'
import type { UploadInfo } from '../../../../src-main/front/vfs/uploads/upload.ts'
import type { FrontEvent } from '../../../../src-main/shared/front-protocol.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { FakeUploadQueue } from '../../../fakes/fake-upload-queue.ts'
import { anUpload as aReportedUpload } from '../../../fixtures/uploads.ts'

let queue: FakeUploadQueue
let clock: FakeClock
let said: FrontEvent[]
const say = (event: FrontEvent): void => void said.push(event)

beforeEach(() => {
  queue = new FakeUploadQueue()
  clock = new FakeClock()
  said = []
})

function anUpload({
  path = '/report.txt',
  ...changes
}: Partial<UploadInfo> | { path: string } = {}): UploadInfo {
  return { ...aReportedUpload(changes), path: parsePath(path) }
}

describe('a peer', () => {
  test.each([
    [{ type: 'upload-retry', id: 7 }, 'retry 7'],
    [{ type: 'upload-discard', id: 7 }, 'discard 7'],
    [{ type: 'upload-export', id: 7, destinationPath: '/home/me/a.txt' }, 'export /home/me/a.txt 7'],
  ] as const)('that sends %j is answered when it is done', async (command, act) => {
    queue.uploads = [anUpload({ id: 7 })]
    answerUploadCommand(command, queue, say)
    await expect.poll(() => said).toEqual([{ type: 'upload-answer', id: 7 }])
    expect(queue.acts).toEqual([act])
  })

  test.each([
    { type: 'upload-retry', id: 8 },
    { type: 'upload-discard', id: 8 },
    { type: 'upload-export', id: 8, destinationPath: '/home/me/a.txt' },
  ] as const)('that sends %j for no upload is told so', async (command) => {
    answerUploadCommand(command, queue, say)
    const error = { code: 'upload-unknown', args: { id: 8 } }
    await expect.poll(() => said).toEqual([{ type: 'upload-answer', id: 8, error }])
  })

  test('cannot have a file put where it depends on the front’s own folder', async () => {
    queue.uploads = [anUpload({ id: 7 })]
    answerUploadCommand({ type: 'upload-export', id: 7, destinationPath: 'a.txt' }, queue, say)
    await expect.poll(() => said).toMatchObject([{ id: 7, error: { code: 'message-invalid' } }])
    expect(queue.acts).toEqual([])
  })

  test('is answered other questions while an export is under way', async () => {
    queue.uploads = [anUpload({ id: 7 })]
    const { promise, resolve } = Promise.withResolvers<undefined>()
    queue.exported = promise.then(() => undefined)
    answerUploadCommand({ type: 'upload-export', id: 7, destinationPath: '/a' }, queue, say)
    answerUploadCommand({ type: 'uploads' }, queue, say)
    expect(said).toMatchObject([{ type: 'uploads' }])
    resolve(undefined)
    await expect.poll(() => said).toHaveLength(2)
  })
})

describe('the list of uploads', () => {
  test('has those that need attention first, and the others oldest first', () => {
    queue.uploads = [1, 2, 3].map((id) => anUpload({ id, state: id === 2 ? 'attention' : 'waiting' }))
    expect(uploadsEvent(queue).uploads.map(({ id }) => id)).toEqual([2, 1, 3])
  })

  test('of ten thousand long paths fits in a line that a peer takes, and counts them all', () => {
    const path = `/${'long name/'.repeat(90)}file.txt`
    queue.uploads = Array.from({ length: 10_000 }, (_, id) =>
      anUpload({ id, path, state: id === 9_999 ? 'attention' : 'waiting' }),
    )
    const event = uploadsEvent(queue)
    expect(JSON.stringify(event).length).toBeLessThan(1024 * 1024)
    expect(event.uploads.length).toBeGreaterThan(400)
    expect(event.uploads[0]?.id).toBe(9_999)
    expect(event.totals).toMatchObject({ pending: 9_999, attention: 1 })
  })
})

describe('who watches hears of the uploads', () => {
  test('once a second while they move, once more when all have arrived, and then no more', async () => {
    using _reporting = reportUploads(queue, clock, say)
    await clock.advance(3_000)
    expect(said).toEqual([])
    queue.uploads = [anUpload({ state: 'delivering' })]
    await clock.advance(1_000)
    queue.uploads = [anUpload({ state: 'delivering', sentBytes: 100 })]
    await clock.advance(1_000)
    expect(said).toMatchObject([{ uploads: [{ sentBytes: 0 }] }, { uploads: [{ sentBytes: 100 }] }])
    await clock.advance(5_000)
    expect(said).toHaveLength(2)
    queue.uploads = []
    await clock.advance(5_000)
    expect(said.slice(2)).toMatchObject([{ uploads: [], totals: { pending: 0 } }])
  })

  test('until they stop watching', async () => {
    const reporting = reportUploads(queue, clock, say)
    reporting[Symbol.dispose]()
    queue.uploads = [anUpload()]
    await clock.advance(5_000)
    expect(said).toEqual([])
    expect(clock.pendingCount).toBe(0)
  })
})

describe('a front is drained', () => {
  const { signal } = new AbortController()

  test('at once when nothing is pending, whatever needs attention', async () => {
    queue.uploads = [anUpload({ state: 'attention' })]
    await untilDrained({ uploads: queue, inFlight: () => 0 }, clock, signal)
  })

  test('when its last upload has arrived and no request is under way that may bring one more', async () => {
    let inFlight = 1
    let isDrained = false
    queue.uploads = [anUpload()]
    const draining = untilDrained({ uploads: queue, inFlight: () => inFlight }, clock, signal)
    void draining.then(() => (isDrained = true))
    queue.finish()
    await clock.advance(1_000)
    expect(isDrained).toBe(false)
    queue.uploads = [anUpload({ id: 2 })]
    inFlight = 0
    await clock.advance(1_000)
    expect(isDrained).toBe(false)
    queue.finish()
    await draining
  })

  test('no longer waited for when the front is told to end', async () => {
    const ending = new AbortController()
    queue.uploads = [anUpload()]
    const draining = untilDrained({ uploads: queue, inFlight: () => 0 }, clock, ending.signal)
    ending.abort()
    await expect(draining).rejects.toMatchObject({ code: 'cancelled' })
  })
})
