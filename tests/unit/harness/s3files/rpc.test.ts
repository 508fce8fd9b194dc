import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { awsFileReply, readBind, type BindAnswer } from '../../../harness/s3files/rpc/bind.ts'
import { actAs } from '../../../harness/s3files/rpc/caller.ts'
import { acceptedReply, readCall } from '../../../harness/s3files/rpc/messages.ts'
import { appendRefusal, cutBeforeChange } from '../../../harness/s3files/rpc/read-only.ts'
import { maxRecordBytes, RecordReader, toRecord } from '../../../harness/s3files/rpc/records.ts'
import { refusal } from '../../../harness/s3files/rpc/refusal.ts'
import { opaque, uint32s } from '../../../harness/s3files/rpc/xdr.ts'
import { authSys, bindCall, callMessage, compound, nullCall, operations as op, xid } from './calls.ts'
import { drawn } from '../../../harness/drawn.ts'

describe('records', () => {
  test('come out whole and as they were, however TCP cuts them', () => {
    const fragmented = fc
      .array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 4 })
      .map((fragments) => ({ fragments: fragments.map((bytes) => Buffer.from(bytes)) }))
    const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 })
    fc.assert(
      fc.property(fc.array(fragmented, { minLength: 1, maxLength: 5 }), cuts, (messages, sizes) => {
        const raws = messages.map(({ fragments }) => rawRecord(fragments))
        const reader = new RecordReader()
        const got = chunksOf(Buffer.concat(raws), sizes).flatMap((chunk) => reader.push(chunk))
        expect(got.map(({ raw }) => raw.toString('hex'))).toEqual(raws.map((raw) => raw.toString('hex')))
        expect(got.map(({ message }) => message.toString('hex'))).toEqual(
          messages.map(({ fragments }) => Buffer.concat(fragments).toString('hex')),
        )
      }),
      drawn(),
    )
  })

  test('larger than any NFS message are refused before they are collected', () => {
    const mark = uint32s(0x8000_0000 + maxRecordBytes)
    expect(() => new RecordReader().push(mark)).toThrow(RangeError)
  })
})

describe('BIND', () => {
  test('is read with the identifier and the incarnation of the proxy', () => {
    expect(toRecord(bindCall)).toHaveLength(76)
    expect(readBind(bindCall, readCall(bindCall)!)).toEqual({ identifier: 'ab'.repeat(16), incarnation: 2n })
  })

  const header = '0badcafe' + '00000001' + '00000000'.repeat(4)
  const id = Buffer.alloc(64, 'simulator').toString('hex')
  const scaleUp = '00000005' + '12c00000' + '00000001' + '00000001'
  test.each<[BindAnswer, string]>([
    ['ready', `8000006c${header}00000003${id}${scaleUp}`],
    ['retry-later', `80000030${header}0000000100000000${scaleUp}`],
    ['error', `80000030${header}0000000400000000${scaleUp}`],
    ['unavailable', `800000180badcafe00000001${'00000000'.repeat(3)}00000001`],
  ])('is answered with %s, byte by byte', (answer, expected) => {
    const options = { answer, scaleUpBytesPerSecond: 300 * 1024 * 1024 }
    const reply = awsFileReply(readCall(bindCall)!, options)
    expect(toRecord(reply!).toString('hex')).toBe(expected)
  })

  test('may stay without an answer', () => {
    const options = { answer: 'silence', scaleUpBytesPerSecond: 0 } as const
    expect(awsFileReply(readCall(bindCall)!, options)).toBeUndefined()
  })
})

describe('a refused client', () => {
  test('is told that NFS is there', () => {
    expect(refusal(nullCall, readCall(nullCall)!).toString('hex')).toBe(
      '0badcafe' + '00000001' + '00000000'.repeat(4),
    )
  })

  test('gets error 13 for the first operation of every compound', () => {
    const call = compound([op.exchangeId, op.getAttributes])
    expect(refusal(call, readCall(call)!).toString('hex')).toBe(
      '0badcafe' +
        '00000001' +
        '00000000'.repeat(4) +
        '0000000d' +
        '00000000' +
        '00000001' +
        '0000002a' +
        '0000000d',
    )
  })
})

describe('a client that may not write', () => {
  test.each([
    ['write', op.write, 38],
    ['setattr', op.setAttributes, 34],
    ['open for writing', op.openForWriting, 18],
    ['open that creates', op.openCreating, 18],
  ])('has its compound cut before a %s', (_, change, refusedOperation) => {
    const call = compound([op.sequence, op.putHandle, change, op.getAttributes])
    expect(cutBeforeChange(call, readCall(call)!)).toEqual({
      message: compound([op.sequence, op.putHandle]),
      keptOperations: 2,
      refusedOperation,
    })
  })

  test.each([
    ['opens for reading', compound([op.sequence, op.putHandle, op.openForReading, op.getAttributes])],
    ['asks for attributes', compound([op.sequence, op.putHandle, op.getAttributes])],
    ['makes a session', compound([op.exchangeId])],
    ['pings', nullCall],
  ])('is forwarded untouched when it %s', (_, call) => {
    expect(cutBeforeChange(call, readCall(call)!)).toBeUndefined()
  })

  const kept = Buffer.from('results of the kept operations')
  const reply = (status: number, count: number): Buffer =>
    acceptedReply(
      xid,
      'success',
      Buffer.concat([uint32s(status), opaque(Buffer.from('tag')), uint32s(count), kept]),
    )
  const cut = { message: Buffer.alloc(0), keptOperations: 2, refusedOperation: 38 }

  test('hears "read-only" in the place of the change', () => {
    expect(appendRefusal(reply(0, 2), cut)).toEqual(Buffer.concat([reply(30, 3), uint32s(38, 30)]))
  })

  test('gets the empty set of attributes with a refused setattr', () => {
    expect(appendRefusal(reply(0, 2), { ...cut, refusedOperation: 34 })).toEqual(
      Buffer.concat([reply(30, 3), uint32s(34, 30, 0)]),
    )
  })

  test('hears of an earlier failure as it is', () => {
    expect(appendRefusal(reply(70, 2), cut)).toEqual(reply(70, 2))
  })
})

test('a client that acts as somebody else keeps everything but its user and groups', () => {
  const call = compound([op.sequence], authSys(0, 0, [0, 20]))
  actAs({ uid: 501, gid: 502 }, call, readCall(call)!)
  expect(call).toEqual(compound([op.sequence], authSys(501, 502, [502, 502])))
})

test.each([
  ['a reply', Buffer.concat([uint32s(xid, 1), Buffer.alloc(60)])],
  ['something short', Buffer.from('short')],
  ['another version of RPC', uint32s(xid, 0, 3, 100_003, 4, 0, 0, 0, 0, 0)],
  ['a credential beyond the end', callMessage(100_003, 0, Buffer.alloc(0)).subarray(0, 30)],
])('%s is no call', (_, message) => {
  expect(readCall(message)).toBeUndefined()
})

function rawRecord(fragments: readonly Buffer[]): Buffer {
  return Buffer.concat(
    fragments.flatMap((fragment, index) => {
      const last = index === fragments.length - 1
      return [uint32s((last ? 0x8000_0000 : 0) + fragment.length), fragment]
    }),
  )
}

function chunksOf(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let offset = 0; offset < bytes.length;) {
    const end = offset + sizes[chunks.length % sizes.length]!
    chunks.push(bytes.subarray(offset, end))
    offset = end
  }
  return chunks
}
