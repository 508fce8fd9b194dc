import { once } from 'node:events'
import { connect, type TLSSocket } from 'node:tls'

import { RecordReader, toRecord } from '../../../harness/s3files/rpc/records.ts'
import type { SimulatedTarget } from '../../../harness/s3files/start-mount-target.ts'
import { within } from '../../../harness/wait-for.ts'

/** What a tunnel does: TLS with its identity, name and authority checked, RPC records inside. */
export class TlsClient implements Disposable {
  readonly #records = new RecordReader()
  readonly #replies: Buffer[] = []
  #arrived = Promise.withResolvers<undefined>()

  private readonly socket: TLSSocket

  private constructor(socket: TLSSocket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#replies.push(...this.#records.push(chunk).map(({ message }) => message))
      this.#arrived.resolve(undefined)
      this.#arrived = Promise.withResolvers()
    })
    socket.on('error', () => undefined)
  }

  /** @throws what TLS says when the server is not who it should be */
  static async connect(
    { host, port, tlsName, caPem }: SimulatedTarget,
    identity?: { readonly certificatePem: string; readonly privateKeyPem: string },
    version: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.3',
  ): Promise<TlsClient> {
    const own = identity === undefined ? {} : { cert: identity.certificatePem, key: identity.privateKeyPem }
    const versions = { minVersion: version, maxVersion: version }
    const socket = connect({ host, port, servername: tlsName, ca: caPem, ...own, ...versions })
    await within(once(socket, 'secureConnect'), 'the TLS handshake')
    return new TlsClient(socket)
  }

  send(message: Buffer): void {
    this.socket.write(toRecord(message))
  }

  /** Sends and waits for one reply. */
  async call(message: Buffer): Promise<Buffer> {
    this.send(message)
    while (this.#replies.length === 0) await within(this.#arrived.promise, 'a reply')
    return this.#replies.shift()!
  }

  get replyCount(): number {
    return this.#replies.length
  }

  /** Resolves once the server is gone, with the error it left by, if any. */
  async closed(): Promise<Error | undefined> {
    let error: Error | undefined
    this.socket.once('error', (reason: Error) => (error = reason))
    if (!this.socket.closed)
      await within(
        once(this.socket, 'close').catch(() => undefined),
        'the close',
      )
    return error
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}
