import { join } from 'node:path'

import type { VmFiles } from './vm-files.ts'

/** `power-on` boots; `state` goes on where the stored state was saved. */
export type StartFrom = 'power-on' | 'state'

const memoryMib = 2048

/** Where the guest listens: the engine's API, and the shell of rig-init. */
export const guestPorts = { docker: 2375, shell: 2222 } as const

/** QEMU must be started in the folder of `files`: the command it reads the state with takes no path that would need quoting. */
export function qemuArgs(files: VmFiles, dir: string, from: StartFrom): readonly string[] {
  return [
    // Never KVM: where it is there, a guest may still not start, and the state would not fit every machine.
    ...['-name', 'mountbar-rig', '-machine', 'q35,usb=off', '-accel', 'tcg,thread=multi,tb-size=512'],
    // Some instructions (erms) are slower emulated than what programs do without them.
    ...['-cpu', 'qemu64,+ssse3,+sse4.1,+sse4.2,+popcnt,+aes,+pclmulqdq,+movbe'],
    ...[
      '-smp',
      '2',
      '-m',
      `${memoryMib}`,
      '-nodefaults',
      '-no-user-config',
      '-display',
      'none',
      '-no-reboot',
    ],
    ...['-kernel', files.kernelPath, '-initrd', files.initrdPath],
    '-append',
    'console=ttyS0 quiet mitigations=off nokaslr random.trust_cpu=on tsc=reliable no_timer_check panic=-1',
    // The disk is thrown away with the VM: nothing has to be safe on it.
    ...[
      '-drive',
      `if=none,id=d0,file=${diskPath(dir).replaceAll(',', ',,')},format=qcow2,cache=unsafe,discard=unmap`,
    ],
    ...['-device', 'virtio-blk-pci,drive=d0', '-device', 'virtio-rng-pci'],
    ...[
      '-netdev',
      `user,id=n0,net=10.0.2.0/24,host=10.0.2.2,${Object.values(guestPorts).map(forward).join(',')}`,
    ],
    ...['-device', 'virtio-net-pci,netdev=n0,romfile='],
    ...['-serial', `file:${consolePath(dir)}`, '-qmp', `unix:${socketPath(dir)},server=on,wait=off`],
    ...(from === 'state' ? ['-incoming', 'exec:cat booted.state'] : []),
  ]
}

export function diskPath(dir: string): string {
  return join(dir, 'disk.qcow2')
}

export function consolePath(dir: string): string {
  return join(dir, 'console.log')
}

export function socketPath(dir: string): string {
  return join(dir, 'qmp.sock')
}

/** Port 0: the system picks one, and QEMU tells which. Nothing can take it in between. */
function forward(guestPort: number): string {
  return `hostfwd=tcp:127.0.0.1:0-10.0.2.15:${guestPort}`
}

/** Reads the answer to `info usernet`: protocol and state, descriptor, host address and port, guest address and port, … */
export function forwardedPort(usernet: string, guestPort: number): number {
  const line = new RegExp(`TCP\\[HOST_FORWARD\\]\\s+\\S+\\s+\\S+\\s+(\\d+)\\s+\\S+\\s+${guestPort}\\s`)
  const [, port] = line.exec(usernet) ?? []
  if (port === undefined) throw new Error(`QEMU does not forward port ${guestPort}:\n${usernet}`)
  return Number(port)
}
