import { join } from 'node:path'

/** What `buildVm` leaves in the cache. Several VMs start from the same files at once; none writes to them. */
export interface VmFiles {
  readonly dir: string
  readonly kernelPath: string
  readonly initrdPath: string
  /** ext4, with the engine and the tests' base image in it. */
  readonly rootPath: string
  /** qcow2 on top of the root: the disk of the VM whose memory is in the state. */
  readonly bootedDiskPath: string
  /** The memory of a VM whose engine answers. Missing where the VM could be built but not saved. */
  readonly statePath: string
}

export function vmFilesIn(dir: string): VmFiles {
  return {
    dir,
    kernelPath: join(dir, 'vmlinuz'),
    initrdPath: join(dir, 'initrd.gz'),
    rootPath: join(dir, 'root.ext4'),
    bootedDiskPath: join(dir, 'booted.qcow2'),
    statePath: join(dir, 'booted.state'),
  }
}
