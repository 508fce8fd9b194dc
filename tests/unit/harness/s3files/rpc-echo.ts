import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'

import { acceptedReply, readCall } from '../../../harness/s3files/rpc/messages.ts'
import { RecordReader, toRecord } from '../../../harness/s3files/rpc/records.ts'

/** A server that answers every call with its own arguments, and keeps what it got: the least that stands in for NFS. */
export interface RpcEcho extends AsyncDisposable {
  readonly host: string
  readonly port: number
  /** Records as they came. */
  readonly received: readonly Buffer[]
  /** Replies with these results instead of the arguments. */
  answerWith(results: Buffer): void
  endConnections(): void
}

export async function startRpcEcho(): Promise<RpcEcho> {
  const received: Buffer[] = []
  const sockets = new Set<Socket>()
  let fixedResults: Buffer | undefined
  const server = createServer((socket) => {
    const records = new RecordReader()
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      for (const { raw, message } of records.push(chunk)) {
        received.push(Buffer.from(raw))
        const call = readCall(message)!
        const results = fixedResults ?? message.subarray(call.argumentsOffset)
        socket.write(toRecord(acceptedReply(call.xid, 'success', results)))
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endConnections = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    received,
    answerWith: (results) => void (fixedResults = results),
    endConnections,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      endConnections()
      await closed
    },
  }
}
