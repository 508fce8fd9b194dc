import { uint32s, XdrReader } from './xdr.ts'

/** The header of an RPC call (RFC 5531); the arguments begin at `argumentsOffset`. */
export interface RpcCall {
  readonly xid: number
  readonly program: number
  readonly version: number
  readonly procedure: number
  readonly credentialFlavor: number
  /** Where the body of the credential begins in the message. */
  readonly credentialOffset: number
  readonly argumentsOffset: number
}

export const nfsProgram = 100_003
export const authSys = 1

const acceptStatus = { success: 0, programUnavailable: 1, procedureUnavailable: 3 } as const
export type AcceptStatus = keyof typeof acceptStatus

const [call, reply] = [0, 1]

/** `undefined` for what is no RPC call: garbage, or a reply to a callback. */
export function readCall(message: Buffer): RpcCall | undefined {
  const reader = new XdrReader(message)
  try {
    const xid = reader.uint32()
    if (reader.uint32() !== call || reader.uint32() !== 2) return undefined
    const [program, version, procedure] = [reader.uint32(), reader.uint32(), reader.uint32()]
    const credentialFlavor = reader.uint32()
    const credentialOffset = reader.offset + 4
    reader.opaque()
    reader.uint32() // flavor of the verifier
    reader.opaque()
    const argumentsOffset = reader.offset
    return { xid, program, version, procedure, credentialFlavor, credentialOffset, argumentsOffset }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** A reply message that was not denied, with no verifier. */
export function acceptedReply(xid: number, status: AcceptStatus, results: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([uint32s(xid, reply, 0, 0, 0, acceptStatus[status]), results])
}
