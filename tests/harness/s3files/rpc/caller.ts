import { authSys, type RpcCall } from './messages.ts'
import { XdrReader } from './xdr.ts'

export interface PosixUser {
  readonly uid: number
  readonly gid: number
}

/** Who acts for a client without `s3files:ClientRootAccess`. */
export const anonymousUser: PosixUser = { uid: 65_534, gid: 65_534 }

/**
 * Makes `user` the caller of an AUTH_SYS call, in place, since all fields keep their length; its further groups become the same group.
 */
export function actAs(user: PosixUser, message: Buffer, call: RpcCall): void {
  if (call.credentialFlavor !== authSys) return
  const reader = new XdrReader(message, call.credentialOffset)
  reader.uint32() // stamp
  reader.opaque() // machine name
  message.writeUInt32BE(user.uid, reader.offset)
  message.writeUInt32BE(user.gid, reader.offset + 4)
  reader.fixed(8)
  reader.array(() => {
    message.writeUInt32BE(user.gid, reader.offset)
    return reader.uint32()
  })
}
