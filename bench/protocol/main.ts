import { findProgram } from '../../scripts/debian/find-program.ts'
import { machineLine, readMachineFacts } from '../lib/machine.ts'
import { writeJsonReport } from './json-report.ts'
import { download } from './measurements/download.ts'
import { freshServer } from './measurements/fresh-server.ts'
import { createListing } from './measurements/listing.ts'
import { getSmall, putSmall } from './measurements/small-files.ts'
import { upload } from './measurements/upload.ts'
import { parseOptions, usage, type BenchOptions } from './options.ts'
import { apache } from './peers/apache.ts'
import { copyFront } from './peers/front-copy.ts'
import { mountbar } from './peers/mountbar.ts'
import { nginx } from './peers/nginx.ts'
import type { Peer, Presence } from './peers/peer.ts'
import { rclone } from './peers/rclone.ts'
import { wsgidav } from './peers/wsgidav.ts'
import { failureLines, reportLines } from './report.ts'
import { tableRows } from './rows.ts'
import { run } from './run.ts'
import { makeWorkspace } from './workspace.ts'

/**
 * `npm run bench:protocol`: our front and other WebDAV servers over the same folder in memory, in one run. Everything it
 * starts and writes is gone when it ends, by itself, by Ctrl-C or by a failure. Exits 1 when a server that is there could not
 * be measured; an aim that is missed is a result.
 */
const interrupted = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => interrupted.abort(new Error(`ended by ${name}`)))
}

try {
  const options = parseOptions(process.argv.slice(2))
  if (options === undefined) console.log(usage)
  else await measureAndReport(options)
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

async function measureAndReport(options: BenchOptions): Promise<void> {
  const wrkPath = findProgram('wrk')
  if (wrkPath === undefined) throw new Error('wrk makes the load and is not installed: apt-get install wrk')
  await using front = await copyFront()
  const peers = makePeers(front.entryPath)
  const presences = await findAll(peers)
  const present = peers.filter((peer) => presences.get(peer)?.kind === 'found')
  const machine = readMachineFacts()
  const date = new Date()
  printHeading(date, machineLine(machine), presences)

  await using workspace = await makeWorkspace(options.shape)
  const results = await run({
    peers: present,
    measurements: [createListing(), freshServer, getSmall, download, putSmall, upload],
    rows: options.rows,
    rounds: options.rounds,
    bench: { workspace, wrkPath, loadSeconds: options.loadSeconds, signal: interrupted.signal },
    onProgress: (text) => console.error(text),
  })
  const rows = tableRows(options.bigFileLabel).filter(({ id }) => options.rows.includes(id))
  const report = { rows, peers, results }
  const failures = failureLines(report)
  console.log(['', ...reportLines(report), '', ...failures, ...notes(options)].join('\n'))
  if (failures.length > 0) process.exitCode = 1
  if (options.jsonPath !== undefined) {
    await writeJsonReport(options.jsonPath, { date, machine, presences, rows, results })
  }
}

/** In the order of the columns. */
function makePeers(entryPath: string | undefined): readonly Peer[] {
  return [
    mountbar({ entryPath, durable: true }),
    mountbar({ entryPath, durable: false }),
    apache,
    nginx,
    rclone,
    wsgidav,
  ]
}

async function findAll(peers: readonly Peer[]): Promise<ReadonlyMap<Peer, Presence>> {
  return new Map(await Promise.all(peers.map(async (peer) => [peer, await peer.find()] as const)))
}

function printHeading(date: Date, machine: string, presences: ReadonlyMap<Peer, Presence>): void {
  console.log(`Raw protocol, ${date.toISOString().slice(0, 10)}, ${machine}`)
  for (const [{ label }, presence] of presences) {
    console.log(
      presence.kind === 'found'
        ? `  ${label}: ${presence.version}`
        : `  ${label}: not available (${presence.remedy})`,
    )
  }
}

function notes({ rounds }: BenchOptions): readonly string[] {
  return [
    `Medians over ${rounds} interleaved rounds; ± is the median distance of a round from it; × is the ratio to Mountbar's figure.`,
    'The tree is on tmpfs, where fsync costs a call but no disk. Small requests come from wrk, the others from raw sockets.',
    'All are asked with the User-Agent of macOS. RSS is summed over processes, so pages that workers share count again.',
    'rclone keeps listings for 5 minutes whatever happens to the folder: its cold listings are not cold. It never calls fsync.',
  ]
}
