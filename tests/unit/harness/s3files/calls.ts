import { opaque, uint32s } from '../../../harness/s3files/rpc/xdr.ts'

/** RPC messages as the kernel and efs-proxy send them. */

export const xid = 0x0badcafe

/** @param credential body of an AUTH_SYS credential; AUTH_NONE without it */
export function callMessage(program: number, procedure: number, args: Buffer, credential?: Buffer): Buffer {
  const version = program === 100_003 ? 4 : 1
  const header = uint32s(xid, 0, 2, program, version, procedure)
  const auth = credential === undefined ? uint32s(0, 0) : Buffer.concat([uint32s(1), opaque(credential)])
  return Buffer.concat([header, auth, uint32s(0, 0), args])
}

export function compound(operations: readonly Buffer[], credential?: Buffer): Buffer {
  const head = Buffer.concat([opaque(Buffer.from('tag')), uint32s(2, operations.length)])
  return callMessage(100_003, 1, Buffer.concat([head, ...operations]), credential)
}

export const nullCall = callMessage(100_003, 0, Buffer.alloc(0))

/** Section by section as efs-proxy 3.2 sends it, for incarnation 2. */
export const bindCall = Buffer.from(
  `0badcafe0000000000000002` +
    '00061afb0000000100000002' +
    '00000000000000000000000000000000' +
    `00000010${'ab'.repeat(16)}` +
    '000000080000000000000002',
  'hex',
)

export const operations = {
  sequence: Buffer.concat([uint32s(53), Buffer.alloc(16, 7), uint32s(1, 0, 0, 1)]),
  putHandle: Buffer.concat([uint32s(22), opaque(Buffer.from('handle'))]),
  getAttributes: uint32s(9, 2, 0x18, 0x30),
  write: Buffer.concat([uint32s(38), Buffer.alloc(16), uint32s(0, 0, 2), opaque(Buffer.from('body'))]),
  setAttributes: Buffer.concat([uint32s(34), Buffer.alloc(16), uint32s(0, 0)]),
  exchangeId: Buffer.concat([uint32s(42), Buffer.alloc(8)]),
  openForReading: open(1, 0),
  openForWriting: open(2, 0),
  openCreating: open(1, 1),
} as const

export function authSys(uid: number, gid: number, groups: readonly number[]): Buffer {
  return Buffer.concat([uint32s(99), opaque(Buffer.from('mac')), uint32s(uid, gid, groups.length, ...groups)])
}

function open(access: number, openType: number): Buffer {
  const owner = Buffer.concat([Buffer.alloc(8), opaque(Buffer.from('owner'))])
  return Buffer.concat([uint32s(18, 0, access, 0), owner, uint32s(openType, 0, 0)])
}
