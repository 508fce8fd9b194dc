import { z } from 'zod'

import { systemClock } from '../../../src-main/lib/clock.ts'
import { waitFor } from '../../../src-main/lib/wait-for.ts'
import { runProgram } from '../run-program.ts'
import { makeTempDir } from '../temp-dir.ts'
import { runInGuest } from './guest-shell.ts'
import { startMachine } from './machine.ts'
import { diskPath } from './qemu-args.ts'
import type { Qmp } from './qmp.ts'
import type { VmFiles } from './vm-files.ts'

const saveLimitMs = 120_000

/** What every test does at first, done once: modules are loaded, and the programs for a container are in memory. */
const warmUp = [
  'modprobe -a nfsv4 xt_conntrack xt_mark sch_prio sch_netem cls_fw',
  'docker run --rm --init mountbar-test-base:latest node --version',
  'sync',
].join(' && ')

/** Boots the VM once and stores its memory and disk, so that later starts take a second or two. */
export async function saveBootedState(files: VmFiles, signal?: AbortSignal): Promise<void> {
  await using temp = await makeTempDir('vm-state')
  const aborting = signal === undefined ? {} : { signal }
  {
    await using machine = await startMachine({ files, dir: temp.dir, from: 'power-on', ...aborting })
    const { exitCode, output } = await runInGuest(machine.shellPort, warmUp, aborting)
    if (exitCode !== 0) throw new Error(`the VM cannot run a container:\n${output}`)
    await migrateToFile(machine.qmp, signal)
    // Only a QEMU that ends by itself has written all of its disk.
    await machine.qmp.execute('quit').catch(() => undefined)
    await machine.process.exited
  }
  await runProgram('cp', ['--sparse=always', '--reflink=auto', diskPath(temp.dir), files.bootedDiskPath])
  // By name only: the folder of the files gets another name when it is complete.
  await runProgram('qemu-img', ['rebase', '-u', '-F', 'raw', '-b', 'root.ext4', files.bootedDiskPath])
}

async function migrateToFile(qmp: Qmp, signal: AbortSignal | undefined): Promise<void> {
  // The guest is not stopped first: it would be stopped when it comes back, too.
  await qmp.execute('migrate-set-parameters', { 'max-bandwidth': 10 * 1024 ** 3, 'downtime-limit': 60_000 })
  await qmp.execute('migrate', { uri: 'exec:cat > booted.state' })
  const isDone = async () => {
    const { status } = z
      .looseObject({ status: z.string().optional() })
      .parse(await qmp.execute('query-migrate'))
    if (status === 'failed') throw new Error('QEMU could not save the state')
    return status === 'completed'
  }
  await waitFor(isDone, {
    clock: systemClock,
    timeoutMs: saveLimitMs,
    ...(signal === undefined ? {} : { signal }),
  })
}
