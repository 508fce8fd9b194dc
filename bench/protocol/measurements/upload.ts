import { stat } from 'node:fs/promises'
import { join } from 'node:path'

import { buildHead, HttpClient, type BuiltRequest } from '../../lib/http-client.ts'
import { macosUserAgent } from '../user-agents.ts'
import { writablePath } from '../workspace.ts'
import { onEvery, type Bench, type Measurement, type Subject } from './measurement.ts'

const pieceBytes = 1024 * 1024
/** Finder's copies arrive in chunks of this size. */
const chunkBytes = 8 * 1024

type Framing = 'length' | 'chunked'

/** One PUT of a big new file in each framing; the file is looked at afterwards and removed through the server. */
export const upload: Measurement = {
  name: 'PUT of a big file',
  rows: ['put-big', 'put-big-chunked', 'put-big-cpu'],
  appliesTo: onEvery,

  async measure(subject, bench) {
    const before = subject.usage()
    const byLength = await uploadOnce(subject, bench, 'length')
    const cpuSeconds = subject.usage().cpuSeconds - before.cpuSeconds
    const chunked = await uploadOnce(subject, bench, 'chunked')
    return [
      { row: 'put-big', value: byLength },
      { row: 'put-big-cpu', value: cpuSeconds },
      { row: 'put-big-chunked', value: chunked },
    ]
  },
}

/** In MB/s. */
async function uploadOnce(subject: Subject, { workspace, signal }: Bench, framing: Framing): Promise<number> {
  const { bigFileBytes } = workspace.shape
  const path = `${writablePath}/${subject.peer.id}-${framing}.bin`
  using client = await HttpClient.open(subject.port, signal)
  const { status, ms } = await client.send(buildPut(subject, path, framing, bigFileBytes))
  if (status < 200 || status > 299) throw new Error(`PUT answered ${status}`)
  const { size } = await stat(join(workspace.rootDir, path))
  if (size !== bigFileBytes) throw new Error(`PUT of ${bigFileBytes} bytes left ${size} on disk`)
  const removal = await client.send({ head: headFor(subject, 'DELETE', path, {}) })
  if (removal.status < 200 || removal.status > 299) throw new Error(`DELETE answered ${removal.status}`)
  return bigFileBytes / 1e6 / (ms / 1e3)
}

function buildPut(subject: Subject, path: string, framing: Framing, bytes: number): BuiltRequest {
  const times = bytes / pieceBytes
  if (framing === 'length') {
    const head = headFor(subject, 'PUT', path, { 'Content-Length': String(bytes) })
    return { head, body: { piece: Buffer.alloc(pieceBytes, 'p'), times } }
  }
  const chunk = Buffer.from(`${chunkBytes.toString(16)}\r\n${'p'.repeat(chunkBytes)}\r\n`)
  const piece = Buffer.concat(Array.from({ length: pieceBytes / chunkBytes }, () => chunk))
  const head = headFor(subject, 'PUT', path, {
    'Transfer-Encoding': 'chunked',
    'X-Expected-Entity-Length': String(bytes),
  })
  return { head, body: { piece, times, tail: Buffer.from('0\r\n\r\n') } }
}

function headFor(
  subject: Subject,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Buffer {
  return buildHead({
    method,
    target: `${subject.basePath}${path}`,
    port: subject.port,
    headers: { 'User-Agent': macosUserAgent, Accept: '*/*', ...headers },
  })
}
