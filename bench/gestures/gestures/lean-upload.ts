import { join } from 'node:path'

import { buildHead, HttpClient } from '../../lib/http-client.ts'
import { macosUserAgent } from '../../protocol/user-agents.ts'
import { atLeastMegabytesPerSecond } from '../target.ts'
import { bigFileBytes, names } from '../tree.ts'
import { expectFile } from './expect-files.ts'
import { showFolder, type Gesture } from './gesture.ts'

const fileName = 'put-100m'
const chunkBytes = 1024 * 1024
const chunks = bigFileBytes / chunkBytes

/**
 * The one request of a copy that carries the bytes, from a client that takes little of the processors: what the server
 * itself can take. The simulated Finder sends 8 KiB at a time and costs as much as a server does.
 */
export const putBig: Gesture = {
  id: 'put-100m',
  title: 'The 100 MB upload alone, from a lean client',
  target: atLeastMegabytesPerSecond(300),
  prepare: (context) => showFolder(context, names.work),
  async run({ url, path, contents, signal }) {
    const { port, pathname } = new URL(url)
    using client = await HttpClient.open(Number(port), signal)
    const head = buildHead({
      method: 'PUT',
      target: `${pathname.replace(/\/$/, '')}${path}/${names.work}/${fileName}`,
      port: Number(port),
      headers: {
        'User-Agent': macosUserAgent,
        'Transfer-Encoding': 'chunked',
        'X-Expected-Entity-Length': String(bigFileBytes),
      },
    })
    const piece = Buffer.concat([Buffer.from(`${chunkBytes.toString(16)}\r\n`), chunkOf(contents.big), crlf])
    const { status } = await client.send({
      head,
      body: { piece, times: chunks, tail: Buffer.from('0\r\n\r\n') },
    })
    if (status !== 201) throw new Error(`PUT was answered ${status}`)
  },
  check: (dir, contents) =>
    expectFile(
      join(dir, names.work, fileName),
      Buffer.concat(Array.from({ length: chunks }, () => chunkOf(contents.big))),
    ),
}

const crlf = Buffer.from('\r\n')

function chunkOf(bytes: Buffer): Buffer {
  return bytes.subarray(0, chunkBytes)
}
