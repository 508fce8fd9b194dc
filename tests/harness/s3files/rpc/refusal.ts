import { acceptedReply, nfsProgram, type RpcCall } from './messages.ts'
import { opaque, uint32s, XdrReader } from './xdr.ts'

export const nfs4ErrAccess = 13
const [nullProcedure, compoundProcedure] = [0, 1]

/**
 * What a client hears that may not come in: TLS stands, NFS answers, and every operation is refused. The kernel says "access denied by server".
 */
export function refusal(message: Buffer, call: RpcCall): Buffer {
  if (call.program !== nfsProgram) return acceptedReply(call.xid, 'programUnavailable')
  if (call.procedure === nullProcedure) return acceptedReply(call.xid, 'success')
  if (call.procedure !== compoundProcedure) return acceptedReply(call.xid, 'procedureUnavailable')
  const operation = firstOperation(message, call)
  const results = operation === undefined ? uint32s(0) : uint32s(1, operation, nfs4ErrAccess)
  return acceptedReply(
    call.xid,
    'success',
    Buffer.concat([uint32s(nfs4ErrAccess), opaque(Buffer.alloc(0)), results]),
  )
}

function firstOperation(message: Buffer, { argumentsOffset }: RpcCall): number | undefined {
  const reader = new XdrReader(message, argumentsOffset)
  reader.opaque() // tag
  reader.uint32() // minor version
  return reader.uint32() === 0 ? undefined : reader.uint32()
}
