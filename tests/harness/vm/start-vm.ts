import { mkdir } from 'node:fs/promises'

import { buildVm } from './build-vm.ts'
import { runInGuest, type GuestResult, type GuestRunOptions } from './guest-shell.ts'
import { startMachine, type Machine } from './machine.ts'
import { forwardPublishedPorts } from './published-ports.ts'
import type { StartFrom } from './qemu-args.ts'

export interface VmOptions {
  /** Of this VM alone: disk, console, logs, pid file. Made when missing; its path must be short, for a socket is in it. */
  readonly dir: string
  /** Ends the start, not the VM. */
  readonly signal?: AbortSignal
  /** `state` (the default) takes seconds, `power-on` half a minute. */
  readonly from?: StartFrom
}

/**
 * Stands where Docker Desktop's VM stands: a Linux with NFSv4.2 and an engine, whose API and published ports are on the host's
 * loopback, and in which the host is called `host.docker.internal`. Nothing in it outlives it; disposing kills it.
 */
export interface Vm extends AsyncDisposable {
  /** `tcp://127.0.0.1:PORT`, plain HTTP. */
  readonly dockerHost: string
  /** Of QEMU. */
  readonly pid: number
  /** Runs shell commands in the VM, as root. @throws when the exit code is not 0, with what was said. */
  exec(command: string, options?: GuestRunOptions): Promise<string>
  /** A sleeping Mac: the VM stands still, its ports are open and silent. */
  pause(): Promise<void>
  /** The Mac wakes: the VM goes on, with the clock set as Docker Desktop does. */
  resume(): Promise<void>
  /** Containers reach nothing outside any more, and get no word of it. The engine and published ports stay. */
  cutNetwork(): Promise<void>
  restoreNetwork(): Promise<void>
  /** Each round trip from containers to the outside takes so much longer; 0 ends it. */
  setDelay(ms: number): Promise<void>
  /** Stops dockerd, and with it all containers, and starts it again; containers come back as their restart policy says. */
  restartEngine(): Promise<void>
  /** As a power cut would. Harmless when it is gone. */
  kill(): Promise<void>
}

const engineLimitMs = 300_000

export async function startVm({ dir, signal, from = 'state' }: VmOptions): Promise<Vm> {
  const aborting = signal === undefined ? {} : { signal }
  const files = await buildVm(aborting)
  await mkdir(dir, { recursive: true })
  await using stack = new AsyncDisposableStack()
  const machine = stack.use(await startMachine({ files, dir, from, ...aborting }))
  const ports = stack.use(await forwardPublishedPorts(machine.qmp))
  const vm = control(machine)
  await vm.exec(`echo ${ports.port} > /run/rig/publish-port`)
  await setClock(vm)
  const started = stack.move()
  return { ...vm, [Symbol.asyncDispose]: () => started.disposeAsync() }
}

function control({ process, qmp, dockerPort, shellPort }: Machine): Omit<Vm, typeof Symbol.asyncDispose> {
  const exec: Vm['exec'] = async (command, options) =>
    outputOf(command, await runInGuest(shellPort, command, options))
  const network = async (args: string) => {
    await exec(`rig-network ${args}`)
  }
  return {
    dockerHost: `tcp://127.0.0.1:${dockerPort}`,
    pid: process.pid,
    exec,
    pause: async () => {
      await qmp.execute('stop')
    },
    resume: async () => {
      await qmp.execute('cont')
      await setClock({ exec })
    },
    cutNetwork: () => network('cut'),
    restoreNetwork: () => network('restore'),
    setDelay: (ms) => network(`delay ${ms}`),
    restartEngine: async () => {
      await exec('rig-engine stop && rig-engine start', { limitMs: engineLimitMs })
    },
    kill: () => process.kill(),
  }
}

function outputOf(command: string, { exitCode, output }: GuestResult): string {
  if (exitCode !== 0) throw new Error(`in the VM, exit code ${exitCode} of ${command}:\n${output}`)
  return output
}

/** The VM's clock stood still as long as the VM did. */
async function setClock({ exec }: Pick<Vm, 'exec'>): Promise<void> {
  await exec(`date --set=@${(Date.now() / 1000).toFixed(3)}`)
}
