import { once } from 'node:events'
import { join } from 'node:path'

import { execa } from 'execa'

import { missingBecause } from '../tests/harness/needs.ts'
import { startRig } from '../tests/harness/rig/rig.ts'
import { prepareSimCommand } from '../tests/harness/rig/sim-command.ts'
import { makeTempDir } from '../tests/harness/temp-dir.ts'
import { startVm } from '../tests/harness/vm/start-vm.ts'
import { vmNeeds } from '../tests/harness/vm/vm-needs.ts'
import { readHost } from './debian/host.ts'

/** S3 Files waits for a minute, which is long for somebody who watches. */
const quietMs = 10_000

/**
 * `npm run sim`: the whole chain on one Debian machine, until Ctrl-C. An engine in a VM, an NFS server with S3 Files played around it, and
 * `mountbar mount` as users run it, with an installation and AWS keys of its own. Nothing is left of it.
 */
async function main(): Promise<void> {
  const missing = [...vmNeeds, 'davfs2' as const].flatMap((need) => missingBecause(need, readHost()) ?? [])
  if (missing.length > 0) throw new Error(`this needs a Debian machine and root: ${missing.join(', ')}`)

  // The signal is for the command that holds the volume; the rest ends after it.
  const interrupted = once(process, 'SIGINT')
  process.on('SIGTERM', () => process.emit('SIGINT'))
  await using temp = await makeTempDir('sim')
  say('Starting the VM with the engine …')
  await using vm = await startVm({ dir: join(temp.dir, 'vm') })
  await using rig = await startRig({ vm, s3Files: { quietMs } })
  const { env, cliPath, mountArgs } = await prepareSimCommand(rig, temp.dir)
  const mountDir = join(temp.dir, 'Simulator')
  const { s3, bucketSide } = rig.s3Files
  say(`On the NFS server:  ${rig.exportDir}`)
  say(`In the bucket, after ${quietMs / 1000} s of quiet:`)
  say(`  aws --endpoint-url ${s3.url} --no-sign-request s3 ls --recursive s3://${bucketSide.bucket.name}`)
  const command = execa(process.execPath, [cliPath, ...mountArgs('Simulator', mountDir), '--foreground'], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    reject: false,
    // Ctrl-C reaches a whole terminal at once; this one is told when it is its turn.
    detached: true,
  })
  const ended = await Promise.race([interrupted.then(() => undefined), command])
  if (ended === undefined) command.kill('SIGINT')
  process.exitCode = (await command).exitCode ?? 1
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

await main()
