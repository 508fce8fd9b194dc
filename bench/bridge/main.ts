import { writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'

import { bridgePaths } from '../../docker/bridge/api/image.ts'
import { readHost } from '../../scripts/debian/host.ts'
import { missingBecause } from '../../tests/harness/needs.ts'
import { startBridgeFront } from '../../tests/harness/rig/bridge-front.ts'
import { startRig, type Rig } from '../../tests/harness/rig/rig.ts'
import { makeTempDir } from '../../tests/harness/temp-dir.ts'
import { startVm } from '../../tests/harness/vm/start-vm.ts'
import { vmNeeds } from '../../tests/harness/vm/vm-needs.ts'
import { machineLine, readMachineFacts } from '../lib/machine.ts'
import { measureMemory } from './memory.ts'
import { measureWays } from './measure-ways.ts'
import { parseOptions, usage, type BenchOptions } from './options.ts'
import { memoryLines, startLines, wayLines } from './report.ts'
import { Samples } from './samples.ts'
import { measureStarts } from './starts.ts'
import type { Way } from './way.ts'
import { agentWay } from './ways/agent.ts'
import { frontWay } from './ways/front.ts'
import { programInVm } from './ways/program-in-vm.ts'
import { openRawMount } from './ways/raw-mount.ts'

/** Nothing is exported meanwhile: the bucket is not what is measured. */
const neverMs = 3_600_000

/**
 * `npm run bench:bridge`: what bridge and front add to the NFS mount they are made of, in one run over the test rig. Everything it starts
 * is gone when it ends.
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
  const missing = vmNeeds.flatMap((need) => missingBecause(need, readHost()) ?? [])
  if (missing.length > 0) throw new Error(`this needs a Debian machine and root: ${missing.join(', ')}`)
  const machine = readMachineFacts()
  const loadBefore = loadText()
  await using temp = await makeTempDir('bench-bridge')
  await using vm = await startVm({ dir: join(temp.dir, 'vm'), signal: interrupted.signal })
  await using rig = await startRig({ vm, s3Files: { quietMs: neverMs, scanEveryMs: 60_000 } })
  const samples = new Samples()
  const labels: string[] = []
  if (options.parts.includes('ways') || options.parts.includes('memory')) {
    labels.push(...(await measureChain(rig, samples, options)))
  }
  if (options.parts.includes('starts')) await measureStarts(rig, samples, options.startRounds, progress)
  const bigMebibytes = options.shape.bigBytes / 2 ** 20
  const tables = {
    ways: () => wayLines(samples, labels, bigMebibytes),
    memory: () => memoryLines(samples),
    starts: () => startLines(samples),
  }
  console.log(`Bridge, ${new Date().toISOString().slice(0, 10)}, ${machineLine(machine)}`)
  console.log(`Load average ${loadBefore} before, ${loadText()} after`)
  for (const part of options.parts) console.log(['', ...tables[part]()].join('\n'))
  console.log(
    `\nMedians over ${options.rounds} interleaved rounds; ± is the median distance of a round from it; × is the ratio to the first column, or row.`,
  )
  if (options.jsonPath !== undefined) {
    await writeFile(options.jsonPath, `${JSON.stringify({ machine, samples }, null, 2)}\n`)
  }
}

/** The labels of what was measured, the mount itself first. */
async function measureChain(rig: Rig, samples: Samples, options: BenchOptions): Promise<readonly string[]> {
  const bridge = await rig.startBridge()
  using backend = bridge.backend()
  try {
    if (options.parts.includes('memory')) await measureMemory(rig.vm, backend, samples, progress)
    if (!options.parts.includes('ways')) return []
    await using raw = await openRawMount(rig.vm, rig.nfs.port)
    await using front = await startBridgeFront(bridge)
    const tunnelled = await programInVm(rig.vm, {
      label: 'through the tunnel',
      container: await bridge.containerId('agent'),
      mountDir: bridgePaths.mountDir,
    })
    const ways: readonly Way[] = [raw, tunnelled, agentWay(backend), frontWay(front)]
    await measureWays(ways, samples, {
      ...options,
      exportDir: rig.exportDir,
      signal: interrupted.signal,
      onProgress: progress,
    })
    return ways.map(({ label }) => label)
  } finally {
    await bridge.stop()
  }
}

function progress(text: string): void {
  console.error(text)
}

function loadText(): string {
  return loadavg()
    .map((value) => value.toFixed(1))
    .join(' ')
}
