import { acceptedReply, type RpcCall } from './messages.ts'
import { opaque, uint32s, XdrReader } from './xdr.ts'

/** AWS's own RPC program beside NFS. */
export const awsFileProgram = 400_123
const [nullProcedure, bindProcedure] = [0, 2]

/** How BIND is answered. `unavailable` is what a plain NFS server says; `silence` is what it must never do. */
export type BindAnswer = 'ready' | 'retry-later' | 'error' | 'unavailable' | 'silence'

/** What efs-proxy says of itself. */
export interface BindRequest {
  readonly identifier: string
  readonly incarnation: bigint
}

export interface BindReplyOptions {
  readonly answer: BindAnswer
  /** The speed from which efs-proxy opens more connections. */
  readonly scaleUpBytesPerSecond: number
}

/** Beyond any real speed: efs-proxy stays with one connection, which keeps tests readable. */
export const neverScaleUp = 0x7fff_ffff

const discriminants = { 'retry-later': 1, ready: 3, error: 4 } as const
const maxConnections = 5
const partitionId = Buffer.alloc(64, 'simulator')

export function isBind({ program, procedure }: RpcCall): boolean {
  return program === awsFileProgram && procedure === bindProcedure
}

export function readBind(message: Buffer, { argumentsOffset }: RpcCall): BindRequest {
  const reader = new XdrReader(message, argumentsOffset)
  const identifier = reader.opaque().toString('hex')
  const incarnation = reader.opaque()
  return { identifier, incarnation: incarnation.length === 8 ? incarnation.readBigInt64BE() : 0n }
}

/** The reply to any call of AWS's program, or `undefined` when there is to be none. */
export function awsFileReply(call: RpcCall, options: BindReplyOptions): Buffer | undefined {
  if (options.answer === 'unavailable') return acceptedReply(call.xid, 'programUnavailable')
  if (call.procedure === nullProcedure) return acceptedReply(call.xid, 'success')
  if (!isBind(call)) return acceptedReply(call.xid, 'procedureUnavailable')
  if (options.answer === 'silence') return undefined
  return acceptedReply(call.xid, 'success', bindResults(options.answer, options.scaleUpBytesPerSecond))
}

function bindResults(answer: keyof typeof discriminants, scaleUpBytesPerSecond: number): Buffer {
  const arm = answer === 'ready' ? partitionId : opaque(Buffer.alloc(0))
  return Buffer.concat([
    uint32s(discriminants[answer]),
    arm,
    uint32s(maxConnections, scaleUpBytesPerSecond, 1, 1),
  ])
}
