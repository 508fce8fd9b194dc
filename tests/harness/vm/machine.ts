import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { systemClock } from '../../../src-main/lib/clock.ts'
import { waitFor } from '../../../src-main/lib/wait-for.ts'
import { spawnGuarded, type GuardedProcess } from '../guarded-spawn.ts'
import { programOf } from '../needs.ts'
import { runProgram } from '../run-program.ts'
import { runInGuest } from './guest-shell.ts'
import {
  consolePath,
  diskPath,
  forwardedPort,
  guestPorts,
  qemuArgs,
  socketPath,
  type StartFrom,
} from './qemu-args.ts'
import { connectQmp, type Qmp } from './qmp.ts'
import type { VmFiles } from './vm-files.ts'

/** QEMU at work, with a guest whose engine answers. Disposing kills it, as a power cut would. */
export interface Machine extends AsyncDisposable {
  readonly process: GuardedProcess
  readonly qmp: Qmp
  /** On loopback. */
  readonly dockerPort: number
  readonly shellPort: number
}

export interface MachineOptions {
  readonly files: VmFiles
  /** Of this machine alone, and there already: disk, logs, pid file, control socket (so its path must be short). */
  readonly dir: string
  readonly from: StartFrom
  readonly signal?: AbortSignal
}

/** Booting takes 20 s on an idle machine; tests that share theirs with others take longer. */
const readyLimitMs = 300_000

/** @throws with the end of the guest's console when it does not come up. */
export async function startMachine({ files, dir, from, signal }: MachineOptions): Promise<Machine> {
  await createDisk(files, dir, from)
  const logPath = join(dir, 'qemu.log')
  const qemu = await spawnGuarded(programOf('qemu-system-x86'), qemuArgs(files, dir, from), {
    logPath,
    cwd: files.dir,
  })
  let qmp: Qmp | undefined
  const wait = (condition: () => Promise<boolean>) =>
    waitFor(condition, {
      clock: systemClock,
      timeoutMs: readyLimitMs,
      ...(signal === undefined ? {} : { signal }),
      failFast: () => {
        if (qemu.hasExited) throw new Error('QEMU has ended')
      },
    })
  try {
    await writeFile(join(dir, 'qemu.pid'), `${qemu.pid}\n`)
    await wait(async () => (qmp = await connectQmp(socketPath(dir)).catch(() => undefined)) !== undefined)
    const usernet = await qmp!.monitor('info usernet')
    const shellPort = forwardedPort(usernet, guestPorts.shell)
    await wait(() => saysReady(shellPort, signal))
    return {
      process: qemu,
      qmp: qmp!,
      dockerPort: forwardedPort(usernet, guestPorts.docker),
      shellPort,
      [Symbol.asyncDispose]: () => end(qemu, qmp),
    }
  } catch (error) {
    await end(qemu, qmp)
    const evidence = await Promise.all([logPath, consolePath(dir)].map(tailOf))
    throw new Error(`the VM did not start:\n${evidence.join('\n')}`, { cause: error })
  }
}

async function end(qemu: GuardedProcess, qmp: Qmp | undefined): Promise<void> {
  qmp?.[Symbol.dispose]()
  await qemu.kill()
}

async function createDisk(files: VmFiles, dir: string, from: StartFrom): Promise<void> {
  const base = from === 'state' ? ['qcow2', files.bootedDiskPath] : ['raw', files.rootPath]
  await runProgram('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', base[0]!, '-b', base[1]!, diskPath(dir)])
}

/** QEMU accepts connections before anything in the guest does; a short limit, asked again and again, finds the first answer. */
async function saysReady(shellPort: number, signal: AbortSignal | undefined): Promise<boolean> {
  const options = { limitMs: 3_000, ...(signal === undefined ? {} : { signal }) }
  const result = await runInGuest(shellPort, 'test -e /run/rig/ready', options).catch(() => undefined)
  return result?.exitCode === 0
}

async function tailOf(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.split('\n').slice(-15).join('\n')
}
