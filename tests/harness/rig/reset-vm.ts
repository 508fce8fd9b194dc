import { bridgeLabels } from '../../../docker/bridge/api/start.ts'
import type { AttachedVm } from '../vm/attach-vm.ts'

const limitMs = 120_000

/** Takes back whatever a suite that failed has left of its own: its network, its delay, its containers. The image stays. */
export async function resetVm(vm: AttachedVm): Promise<void> {
  await vm.resume()
  await vm.restoreNetwork()
  await vm.setDelay(0)
  // An agent cannot go while its mount waits for a tunnel that is gone.
  await vm.exec(removeAll(`--filter label=${bridgeLabels.role}=agent`), { limitMs })
  await vm.exec(removeAll(''), { limitMs })
}

function removeAll(filter: string): string {
  return `docker ps --all --quiet ${filter} | xargs -r docker rm --force`
}
