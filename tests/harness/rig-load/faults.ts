import { setTimeout as sleep } from 'node:timers/promises'

import type { Chain } from './chain.ts'

export interface Fault {
  readonly title: string
  /** In the set that `npm test` has time for. */
  readonly isCore?: true
  /** The front's own end: its connections break. */
  readonly endsFront?: true
  /** Resolves when what was broken is whole again, as far as somebody else has to see to that; the rest is for the chain itself. */
  readonly strike: (chain: Chain) => Promise<void>
}

const second = 1_000

/** What a keeper does when its front dies: the same port, at once. */
async function killFront({ front }: Chain): Promise<void> {
  await front.kill9()
  await front.restart()
}

async function restartNfsServer({ rig }: Chain): Promise<void> {
  await rig.nfs.kill()
  await sleep(2 * second)
  await rig.nfs.start()
}

async function cutNetwork(
  { vm }: Chain,
  ms: number,
  meanwhile: () => Promise<void> = nothing,
): Promise<void> {
  await vm.cutNetwork()
  await Promise.all([meanwhile(), sleep(ms)])
  await vm.restoreNetwork()
}

/** Refuses for a while, and ends what was connected. */
async function stopListening({ rig }: Chain, ms: number): Promise<void> {
  const { link } = rig.s3Files.mountTarget
  link.stopListening()
  link.endConnections('reset')
  await sleep(ms)
  await link.listenAgain()
}

/** Only the engine's machine sleeps, and nobody says so when it wakes: the Mac's own sleep is the kinder case. */
async function pauseVm({ vm }: Chain, ms: number): Promise<void> {
  await vm.pause()
  await sleep(ms)
  await vm.resume()
}

/** All of it sleeps; when it wakes the keeper sees that, and says so. */
async function sleepMac(chain: Chain, ms: number): Promise<void> {
  const { vm, front, bridge } = chain
  await vm.pause()
  process.kill(front.pid, 'SIGSTOP')
  await sleep(ms)
  await vm.resume()
  process.kill(front.pid, 'SIGCONT')
  front.tell({ type: 'wake' })
  bridge.bridge.nudge('wake')
}

async function nothing(): Promise<void> {
  // There is.
}

export const faults: readonly Fault[] = [
  // Not in the set: a restarted engine replaces the agent under a front that lives on, and the pair below kills it.
  { title: 'agent container killed', strike: (chain) => chain.killContainer('agent') },
  { title: 'tunnel container killed', isCore: true, strike: (chain) => chain.killContainer('tunnel') },
  { title: 'agent program killed', strike: (chain) => chain.killProgram('agent') },
  { title: 'file service killed', strike: (chain) => chain.killProgram('files') },
  { title: 'tunnel program killed', strike: (chain) => chain.killProgram('stunnel') },
  { title: 'NFS server killed, back after 2 s', isCore: true, strike: restartNfsServer },
  { title: 'mount target refuses for 10 s', strike: (chain) => stopListening(chain, 10 * second) },
  {
    title: 'connections reset',
    strike: ({ rig }) => {
      rig.s3Files.mountTarget.link.endConnections('reset')
      return Promise.resolve()
    },
  },
  { title: 'network cut for 5 s', isCore: true, strike: (chain) => cutNetwork(chain, 5 * second) },
  { title: 'network cut for 30 s', strike: (chain) => cutNetwork(chain, 30 * second) },
  { title: 'network cut for 120 s', strike: (chain) => cutNetwork(chain, 120 * second) },
  { title: 'VM paused for 20 s', isCore: true, strike: (chain) => pauseVm(chain, 20 * second) },
  { title: 'Mac asleep for 20 s', strike: (chain) => sleepMac(chain, 20 * second) },
  { title: 'engine restarted', isCore: true, strike: ({ vm }) => vm.restartEngine() },
  { title: 'front killed', endsFront: true, strike: killFront },
  {
    title: 'agent container and front killed',
    isCore: true,
    endsFront: true,
    strike: async (chain) => {
      await Promise.all([chain.killContainer('agent'), killFront(chain)])
    },
  },
  {
    title: 'tunnel container and NFS server killed',
    strike: async (chain) => {
      await Promise.all([chain.killContainer('tunnel'), restartNfsServer(chain)])
    },
  },
  {
    title: 'agent container killed while the network is cut for 120 s',
    strike: (chain) => cutNetwork(chain, 120 * second, () => chain.killContainer('agent')),
  },
]
