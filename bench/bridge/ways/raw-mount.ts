import type { AttachedVm } from '../../../tests/harness/vm/attach-vm.ts'
import { baseImage } from '../../../tests/harness/vm/build-vm.ts'
import type { Way } from '../way.ts'
import { programInVm } from './program-in-vm.ts'

const limitMs = 900_000
const mountDir = '/mnt/raw'
/** As the agent mounts, but straight to the server: no tunnel, no TLS. */
const mountOptions = 'vers=4.2,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport'
const readAheadKb = 15_360

/** The kernel's own mount in a container of the VM, measured by a program beside it. Disposing removes the container. */
export async function openRawMount(vm: AttachedVm, nfsPort: number): Promise<Way & AsyncDisposable> {
  const name = `mountbar-bench-${process.pid}`
  const mount = [
    `mkdir -p ${mountDir}`,
    `mount -t nfs4 -o ${mountOptions},port=${nfsPort} host.docker.internal:/ ${mountDir}`,
    'exec sleep infinity',
  ].join(' && ')
  const rights = '--cap-drop ALL --cap-add SYS_ADMIN --security-opt apparmor=unconfined'
  await vm.exec(`docker run --detach --init --name ${name} ${rights} ${baseImage} sh -c '${mount}'`, {
    limitMs,
  })
  const inside = (command: string) => vm.exec(`docker exec -i ${name} sh -c '${command}'`, { limitMs })
  await inside(`until grep -q " ${mountDir} nfs4 " /proc/mounts; do sleep 0.2; done`)
  // The container's /sys is read-only; the VM's is not.
  const device = (await inside(`mountpoint -d ${mountDir}`)).trim()
  await vm.exec(`echo ${readAheadKb} > /sys/class/bdi/${device}/read_ahead_kb`)
  return {
    ...(await programInVm(vm, { label: 'raw NFS mount', container: name, mountDir })),
    [Symbol.asyncDispose]: async () => {
      await vm.exec(`docker rm --force ${name}`, { limitMs })
    },
  }
}
