import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

import { awsFileProgram, awsFileReply, isBind, readBind, type BindRequest } from '../rpc/bind.ts'
import { actAs } from '../rpc/caller.ts'
import { readCall, type RpcCall } from '../rpc/messages.ts'
import { appendRefusal, cutBeforeChange, type CutCompound } from '../rpc/read-only.ts'
import { RecordReader, toRecord, type RpcRecord } from '../rpc/records.ts'
import { refusal } from '../rpc/refusal.ts'
import type { Admission } from './admission.ts'
import type { Behaviour } from './behaviour.ts'

export interface SessionOptions {
  readonly client: TLSSocket
  readonly admission: Admission
  readonly behaviour: Behaviour
  /** The NFSv4 server behind the mount target; connected to when the first call is for it. */
  readonly nfs: { readonly host: string; readonly port: number }
  readonly onBind: (request: BindRequest) => void
}

/** Serves one connection until either side ends it. Calls that pass are forwarded as they came. */
export async function serveSession(options: SessionOptions): Promise<void> {
  const session = new Session(options)
  try {
    await session.serve()
  } finally {
    session.end()
  }
}

class Session {
  readonly #options: SessionOptions
  readonly #records = new RecordReader()
  /** Compounds that reached the server without their change, by xid. */
  readonly #cut = new Map<number, CutCompound>()
  #server: Socket | undefined
  #silent = false

  constructor(options: SessionOptions) {
    this.#options = options
  }

  async serve(): Promise<void> {
    for await (const chunk of this.#options.client as AsyncIterable<Buffer>) {
      for (const record of this.#records.push(chunk)) await this.#take(record)
    }
  }

  end(): void {
    this.#options.client.destroySoon()
    this.#server?.destroy()
  }

  async #take(record: RpcRecord): Promise<void> {
    if (this.#silent) return
    const call = readCall(record.message)
    if (call?.program === awsFileProgram) this.#answerAwsFile(record.message, call)
    else if (this.#options.admission.admitted) await this.#forward(record, call)
    else if (call !== undefined) this.#reply(refusal(record.message, call))
  }

  #answerAwsFile(message: Buffer, call: RpcCall): void {
    const { behaviour, client, onBind } = this.#options
    const bound = isBind(call)
    if (bound) onBind(readBind(message, call))
    const reply = awsFileReply(call, {
      answer: behaviour.bind,
      scaleUpBytesPerSecond: behaviour.scaleUpBytesPerSecond,
    })
    if (reply !== undefined) this.#reply(reply)
    if (!bound || behaviour.afterBind === 'serve') return
    if (behaviour.afterBind === 'close') client.end()
    this.#silent = true
  }

  async #forward({ raw, message }: RpcRecord, call: RpcCall | undefined): Promise<void> {
    this.#server ??= this.#connect()
    const { actsAs, mayWrite } = this.#options.admission
    const asOther = call !== undefined && actsAs !== undefined
    if (asOther) actAs(actsAs, message, call)
    const cut = call === undefined || mayWrite ? undefined : cutBeforeChange(message, call)
    if (cut !== undefined) this.#cut.set(call!.xid, cut)
    const outgoing = cut !== undefined ? toRecord(cut.message) : asOther ? toRecord(message) : raw
    if (this.#server.write(outgoing)) return
    await Promise.race([once(this.#server, 'drain'), once(this.#server, 'close')])
  }

  #connect(): Socket {
    const { client, nfs, admission } = this.#options
    const server = connect(nfs)
    server.setNoDelay(true)
    server.on('error', () => client.destroy())
    server.on('close', () => client.destroySoon())
    if (admission.mayWrite) server.pipe(client, { end: false })
    else this.#patchReplies(server)
    return server
  }

  #patchReplies(server: Socket): void {
    const records = new RecordReader()
    server.on('data', (chunk: Buffer) => {
      for (const { raw, message } of records.push(chunk)) {
        const xid = message.readUInt32BE()
        const cut = this.#cut.get(xid)
        this.#cut.delete(xid)
        const reply = cut === undefined ? raw : toRecord(appendRefusal(message, cut))
        if (this.#options.client.write(reply)) continue
        server.pause()
        this.#options.client.once('drain', () => server.resume())
      }
    })
  }

  #reply(message: Buffer): void {
    this.#options.client.write(toRecord(message))
  }
}
