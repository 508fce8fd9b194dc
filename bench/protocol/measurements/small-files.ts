import { mkdir, chmod } from 'node:fs/promises'
import { join } from 'node:path'

import { runLoad, type LoadOptions, type LoadResult } from '../../lib/wrk.ts'
import { macosUserAgent } from '../user-agents.ts'
import { smallFilesPath, writablePath } from '../workspace.ts'
import { onEvery, onOneFront, type Bench, type Measurement, type Subject } from './measurement.ts'

const connections = 8
const distinctPuts = 512

type Load = Pick<LoadOptions, 'method' | 'prefix' | 'count' | 'bodyBytes'>

/** GET of 4 KB files, 8 connections: some hundred in turn, and the same one over and over. */
export const getSmall: Measurement = {
  name: 'GET 4 KB',
  rows: ['get-4k', 'get-4k-hot', 'get-4k-cpu'],
  appliesTo: onOneFront,

  async measure(subject, bench) {
    const prefix = `${subject.basePath}${smallFilesPath}/`
    const many = await loadOf(subject, bench, {
      method: 'GET',
      prefix,
      count: bench.workspace.shape.smallFiles,
    })
    const hot = await loadOf(subject, bench, { method: 'GET', prefix, count: 1 })
    return [
      { row: 'get-4k', value: many.requestsPerSecond },
      { row: 'get-4k-hot', value: hot.requestsPerSecond },
      { row: 'get-4k-cpu', value: many.cpuMicroseconds },
    ]
  },
}

/** PUT of 4 KB, 8 connections, to 512 names in turn: new ones in the first round, then replaced, as copying and saving are. */
export const putSmall: Measurement = {
  name: 'PUT 4 KB',
  rows: ['put-4k', 'put-4k-cpu'],
  appliesTo: onEvery,

  async measure(subject, bench) {
    const folder = `${writablePath}/${subject.peer.id}`
    await makeWritable(join(bench.workspace.rootDir, folder))
    const result = await loadOf(subject, bench, {
      method: 'PUT',
      prefix: `${subject.basePath}${folder}/`,
      count: distinctPuts,
      bodyBytes: bench.workspace.shape.smallFileBytes,
    })
    return [
      { row: 'put-4k', value: result.requestsPerSecond },
      { row: 'put-4k-cpu', value: result.cpuMicroseconds },
    ]
  },
}

/** One load, and the server's processor time for one of its requests. */
async function loadOf(
  subject: Subject,
  { wrkPath, loadSeconds, signal }: Bench,
  load: Load,
): Promise<LoadResult & { readonly cpuMicroseconds: number }> {
  const before = subject.usage()
  const result = await runLoad({
    ...load,
    wrkPath,
    port: subject.port,
    userAgent: macosUserAgent,
    connections,
    seconds: loadSeconds,
    signal,
  })
  const cpuSeconds = subject.usage().cpuSeconds - before.cpuSeconds
  return { ...result, cpuMicroseconds: (cpuSeconds / result.requests) * 1e6 }
}

async function makeWritable(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true })
  await chmod(dir, 0o777)
}
