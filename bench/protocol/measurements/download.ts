import { buildHead, HttpClient, type BuiltRequest } from '../../lib/http-client.ts'
import { macosUserAgent } from '../user-agents.ts'
import { bigFilePath } from '../workspace.ts'
import { onOneFront, type Measurement, type Sample, type Subject } from './measurement.ts'

const rangeBytes = 1024 * 1024
const ranges = 40
/** A single one of less than a second tells little on a machine that does other things too. */
const wholes = 3

/** The big file as a whole and 1 MiB pieces out of it, one connection. */
export const download: Measurement = {
  name: 'GET of a big file',
  rows: ['get-big', 'get-big-cpu', 'range'],
  appliesTo: onOneFront,

  async measure(subject, { workspace, signal }) {
    const { bigFileBytes } = workspace.shape
    using client = await HttpClient.open(subject.port, signal)
    const samples: Sample[] = []
    for (let whole = 0; whole < wholes; whole++) {
      const before = subject.usage()
      const { status, bodyBytes, ms } = await client.send(buildGet(subject, {}))
      const cpuSeconds = subject.usage().cpuSeconds - before.cpuSeconds
      if (status !== 200 || bodyBytes !== bigFileBytes) {
        throw new Error(`GET answered ${status} with ${bodyBytes} of ${bigFileBytes} bytes`)
      }
      samples.push({ row: 'get-big', value: bigFileBytes / 1e6 / (ms / 1e3) })
      samples.push({ row: 'get-big-cpu', value: cpuSeconds })
    }
    for (let range = 0; range < ranges; range++) {
      // Strides through the whole file, never where the last one ended.
      const start = Math.floor((((range * 17) % ranges) / ranges) * (bigFileBytes - rangeBytes))
      const part = await client.send(buildGet(subject, { Range: `bytes=${start}-${start + rangeBytes - 1}` }))
      if (part.status !== 206 || part.bodyBytes !== rangeBytes) {
        throw new Error(`a range of ${rangeBytes} answered ${part.status} with ${part.bodyBytes} bytes`)
      }
      samples.push({ row: 'range', value: part.ms })
    }
    return samples
  },
}

function buildGet(subject: Subject, headers: Readonly<Record<string, string>>): BuiltRequest {
  return {
    head: buildHead({
      method: 'GET',
      target: `${subject.basePath}${bigFilePath}`,
      port: subject.port,
      headers: { 'User-Agent': macosUserAgent, Accept: '*/*', ...headers },
    }),
  }
}
