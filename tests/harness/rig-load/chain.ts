import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { bridgeLabels, type BridgeRole } from '../../../docker/bridge/api/start.ts'
import type { TestFront } from '../front.ts'
import { startBridgeFront } from '../rig/bridge-front.ts'
import type { RigBridge } from '../rig/rig-bridge.ts'
import { startRig, type Rig } from '../rig/rig.ts'
import type { AttachedVm } from '../vm/attach-vm.ts'

/** In the VM's `/proc`, where containers' programs are too. Brackets keep the search from finding itself. */
const programPatterns = {
  agent: 'mountbar/[a]gent[.]js',
  files: 'mountbar/[f]iles[.]js',
  stunnel: '[s]tunnel',
} as const
export type ProgramOfBridge = keyof typeof programPatterns

const guestLimitMs = 120_000

/** Nothing is tested yet, and an engine on an emulated processor may miss the limits of a first start. */
async function firstOf<T>(tries: number, start: () => Promise<T>): Promise<T> {
  try {
    return await start()
  } catch (error) {
    if (tries === 1) throw error
    return await firstOf(tries - 1, start)
  }
}

/** Everything between a WebDAV client and the NFS server's disk, and the ways to break each piece of it. */
export class Chain {
  readonly rig: Rig
  readonly bridge: RigBridge
  readonly front: TestFront

  private constructor(rig: Rig, bridge: RigBridge, front: TestFront) {
    this.rig = rig
    this.bridge = bridge
    this.front = front
  }

  /** Ends with `stack`. */
  static async start(vm: AttachedVm, stack: AsyncDisposableStack): Promise<Chain> {
    // The bucket is not looked at: exporting would only take time from the emulated processor.
    const rig = stack.use(await startRig({ vm, s3Files: { quietMs: 3_600_000, scanEveryMs: 60_000 } }))
    const bridge = await firstOf(3, () => rig.startBridge())
    return new Chain(rig, bridge, stack.use(await startBridgeFront(bridge)))
  }

  get vm(): AttachedVm {
    return this.rig.vm
  }

  /** As `docker kill`, which may give up waiting for what it killed: a mount that cannot reach its server holds its container back. */
  async killContainer(role: BridgeRole): Promise<void> {
    const id = await this.bridge.containerId(role)
    const engine = this.vm.dockerHost.replace('tcp:', 'http:')
    const answer = await fetch(`${engine}/containers/${id}/kill?signal=KILL`, { method: 'POST' })
    const said = await answer.text()
    if (!answer.ok && !said.includes('did not receive an exit event')) throw new Error(`docker kill: ${said}`)
  }

  /** SIGKILL, inside its container. @throws when it does not run. */
  async killProgram(program: ProgramOfBridge): Promise<void> {
    const find = `grep -al '${programPatterns[program]}' /proc/[0-9]*/cmdline | cut -d/ -f3`
    await this.vm.exec(`pids=$(${find}) && test -n "$pids" && kill -9 $pids`, { limitMs: guestLimitMs })
  }

  /** Of its containers, where it has them. */
  async containerIds(): Promise<Readonly<Record<BridgeRole, string | undefined>>> {
    const idOf = (role: BridgeRole) => this.bridge.containerId(role).catch(() => undefined)
    return { agent: await idOf('agent'), tunnel: await idOf('tunnel') }
  }

  /** How many containers there are of its bridge, whatever has become of them. */
  async containerCount(): Promise<number> {
    const { installationId } = this.bridge.spec
    return (await this.rig.engine.listContainers({ [bridgeLabels.installation]: installationId })).length
  }

  async serverFile(path: string): Promise<Buffer | undefined> {
    return await readFile(join(this.rig.exportDir, path)).catch(() => undefined)
  }

  /** The names in `folder` on the server, without what an agent has not finished. */
  async serverNames(folder: string): Promise<readonly string[]> {
    const names = await readdir(join(this.rig.exportDir, folder))
    return names.filter((name) => !name.startsWith('.mountbar-'))
  }
}
