import { readHost } from '../../../scripts/debian/host.ts'
import { missingBecause } from '../needs.ts'
import { buildGanesha } from '../nfs/build-ganesha.ts'
import { buildVm } from './build-vm.ts'
import { vmNeeds } from './vm-needs.ts'

/** Builds the VM and the NFS server before any test, so that no test's limit has to allow for it. Where it cannot be built the suites say why. */
export async function setup(): Promise<void> {
  const host = readHost()
  if (vmNeeds.every((need) => missingBecause(need, host) === undefined))
    await Promise.all([buildVm(), buildGanesha()])
}
