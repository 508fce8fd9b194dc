import { nfsProgram, type RpcCall } from './messages.ts'
import { uint32s, XdrReader } from './xdr.ts'

export const nfs4ErrReadOnly = 30
const compoundProcedure = 1

const operations = {
  access: 3,
  create: 6,
  getAttributes: 9,
  getHandle: 10,
  link: 11,
  lookup: 15,
  lookupParent: 16,
  open: 18,
  openAttributes: 19,
  putHandle: 22,
  putPublicHandle: 23,
  putRootHandle: 24,
  remove: 28,
  rename: 29,
  restoreHandle: 31,
  saveHandle: 32,
  setAttributes: 34,
  write: 38,
  sequence: 53,
  allocate: 59,
  copy: 60,
  deallocate: 62,
  clone: 71,
  setXattr: 73,
  removeXattr: 75,
} as const
const o = operations

const mutating: ReadonlySet<number> = new Set([
  ...[o.create, o.link, o.openAttributes, o.remove, o.rename, o.setAttributes, o.write],
  ...[o.allocate, o.copy, o.deallocate, o.clone, o.setXattr, o.removeXattr],
])

/** How to step over what stands before a change in one compound. What is not here is never followed by a change in Linux's client. */
const skip: Readonly<Record<number, (reader: XdrReader) => unknown>> = {
  [o.sequence]: (reader) => reader.fixed(32),
  [o.putHandle]: (reader) => reader.opaque(),
  [o.lookup]: (reader) => reader.opaque(),
  [o.access]: (reader) => reader.uint32(),
  [o.getAttributes]: (reader) => reader.array(() => reader.uint32()),
  [o.getHandle]: () => undefined,
  [o.lookupParent]: () => undefined,
  [o.putPublicHandle]: () => undefined,
  [o.putRootHandle]: () => undefined,
  [o.restoreHandle]: () => undefined,
  [o.saveHandle]: () => undefined,
}

/** A compound cut off before its first change. */
export interface CutCompound {
  /** To be forwarded instead: SEQUENCE and the like have to reach the server, or its slots and the client's drift apart. */
  readonly message: Buffer
  readonly keptOperations: number
  readonly refusedOperation: number
}

/** `undefined` for a call that changes nothing. */
export function cutBeforeChange(message: Buffer, call: RpcCall): CutCompound | undefined {
  if (call.program !== nfsProgram || call.procedure !== compoundProcedure) return undefined
  const reader = new XdrReader(message, call.argumentsOffset)
  reader.opaque() // tag
  reader.uint32() // minor version
  const countOffset = reader.offset
  const count = reader.uint32()
  for (let index = 0; index < count; index += 1) {
    const end = reader.offset
    const operation = reader.uint32()
    if (mutating.has(operation) || (operation === o.open && opensForChange(reader))) {
      const cut = Buffer.from(message.subarray(0, end))
      cut.writeUInt32BE(index, countOffset)
      return { message: cut, keptOperations: index, refusedOperation: operation }
    }
    const step = skip[operation]
    if (step === undefined) return undefined
    step(reader)
  }
  return undefined
}

/** The server's reply to a cut compound, with the refusal where the change's result would stand. An earlier failure stays. */
export function appendRefusal(reply: Buffer, { keptOperations, refusedOperation }: CutCompound): Buffer {
  const reader = new XdrReader(reply)
  reader.fixed(12) // xid, REPLY, accepted
  reader.uint32() // flavor of the verifier
  reader.opaque()
  const accepted = reader.uint32()
  const statusOffset = reader.offset
  if (accepted !== 0 || reader.uint32() !== 0) return reply
  reader.opaque() // tag
  const countOffset = reader.offset
  if (reader.uint32() !== keptOperations) return reply
  const noAttributesSet = refusedOperation === o.setAttributes ? [0] : []
  const patched = Buffer.concat([reply, uint32s(refusedOperation, nfs4ErrReadOnly, ...noAttributesSet)])
  patched.writeUInt32BE(nfs4ErrReadOnly, statusOffset)
  patched.writeUInt32BE(keptOperations + 1, countOffset)
  return patched
}

function opensForChange(reader: XdrReader): boolean {
  reader.uint32() // sequence number
  const sharesWrite = (reader.uint32() & 2) !== 0
  reader.uint32() // deny
  reader.fixed(8) // client id
  reader.opaque() // owner
  const creates = reader.uint32() === 1
  return sharesWrite || creates
}
