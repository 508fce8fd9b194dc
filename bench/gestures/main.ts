import { writeFile } from 'node:fs/promises'

import { machineLine, readMachineFacts } from '../lib/machine.ts'
import type { Presence } from '../protocol/peers/peer.ts'
import { buildDelayedFront } from './front/build-front.ts'
import { fullDocument, ourLine } from './json-report.ts'
import { parseOptions, usage, type BenchOptions } from './options.ts'
import { measurePending } from './pending/measure-pending.ts'
import { pendingLines } from './pending/pending-report.ts'
import { failureLines, gestureLines, targetLines } from './report.ts'
import { run } from './run.ts'
import { apache, nginx } from './servers/disk-servers.ts'
import { mountbar, mountbarOnDelayfs } from './servers/mountbar.ts'
import { rclone } from './servers/rclone.ts'
import type { Server } from './servers/server.ts'
import { bigFileBytes, makeContents } from './tree.ts'
import { makeWorkspace } from './workspace.ts'

/**
 * `npm run bench:gestures`: what a user of the Mac waits for, gesture by gesture, when the files are a network away; our front and
 * other WebDAV servers in one run. Everything it starts, mounts and writes is gone when it ends, by itself, by Ctrl-C or by a failure.
 */
const allServers: readonly Server[] = [mountbar, mountbarOnDelayfs, rclone, apache, nginx]

/** Aside of the results, so that those can be taken from a pipe. */
const onProgress = (text: string): void => console.error(text)

const interrupted = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => interrupted.abort(new Error(`ended by ${name}`)))
}

try {
  const options = parseOptions(process.argv.slice(2))
  if (options === undefined) console.log(usage)
  else if (options.pending === undefined) await measureGestures(options)
  else await measureUploads(options, options.pending)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

async function measureGestures(options: BenchOptions): Promise<void> {
  const { gestures, rounds, delayMs } = options
  const wanted = allServers.filter(({ id }) => options.servers.includes(id))
  const presences = new Map(
    await Promise.all(wanted.map(async (server) => [server, await server.find()] as const)),
  )
  const servers = wanted.filter((server) => presences.get(server)?.kind === 'found')
  const machine = readMachineFacts()
  const date = new Date()
  printHeading(date, machineLine(machine), delayMs, presences)

  await using workspace = await makeWorkspace(options.parentDir, neededBytes(servers.length, rounds))
  const contents = makeContents()
  const results = await run({
    ...{ servers, gestures, rounds, delayMs, contents, workspace },
    signal: interrupted.signal,
    onProgress,
  })
  const report = { gestures, servers: wanted, results }
  for (const gesture of gestures) console.log(['', ...gestureLines(gesture, report)].join('\n'))
  console.log(['', ...targetLines(report), '', ...failureLines(report), ...notes(options)].join('\n'))
  if (options.json?.kind === 'file') {
    const document = fullDocument({ ...report, date, machine, delayMs, presences })
    await writeFile(options.json.path, `${JSON.stringify(document, null, 2)}\n`)
  }
  if (options.json?.kind === 'last-line') console.log(ourLine(report))
}

async function measureUploads({ parentDir, json }: BenchOptions, count: number): Promise<void> {
  console.log(
    `Pending uploads, ${new Date().toISOString().slice(0, 10)}, ${machineLine(readMachineFacts())}\n`,
  )
  await using workspace = await makeWorkspace(parentDir, count * 16 * 1024)
  const figures = await measurePending({
    count,
    workspace,
    programPath: await buildDelayedFront(await workspace.makeDir('front')),
    signal: interrupted.signal,
    onProgress,
  })
  console.log(pendingLines(figures).join('\n'))
  if (json?.kind === 'file') await writeFile(json.path, `${JSON.stringify(figures, null, 2)}\n`)
  if (json?.kind === 'last-line') console.log(JSON.stringify(figures))
}

/** Per server: the file that is read, one written per round, twice over where a server has a cache, and the client's. */
function neededBytes(servers: number, rounds: number): number {
  return servers * (3 * rounds + 2) * bigFileBytes
}

function printHeading(
  date: Date,
  machine: string,
  delayMs: number,
  presences: ReadonlyMap<Server, Presence>,
): void {
  console.log(`Gestures at ${delayMs} ms per backend call, ${date.toISOString().slice(0, 10)}, ${machine}`)
  for (const [{ label }, presence] of presences) {
    console.log(
      presence.kind === 'found'
        ? `  ${label}: ${presence.version}`
        : `  ${label}: not available (${presence.remedy})`,
    )
  }
}

function notes({ rounds, delayMs, parentDir }: BenchOptions): readonly string[] {
  return [
    `Medians over ${rounds} interleaved rounds, worked in ${parentDir}. Seconds are the client's, ± how far a typical round lies from the median; "delivered" is when the server had nothing left to do.`,
    `Mountbar: ${delayMs} ms before each call to its backend. All others: delayfs, ${delayMs} ms for each trip an NFS client would make (names and attributes kept 3 s, 15 MiB read ahead, writes collected).`,
    'Calls waited for: of Mountbar, those that began and ended within a request; on delayfs, all that came before the client was done.',
    "The client is a simulation of macOS's WebDAV client that shares the processors with the servers, so throughput is theirs together.",
    'Mountbar makes what it takes durable (fsync) before it answers; rclone, Apache and nginx do not.',
  ]
}
