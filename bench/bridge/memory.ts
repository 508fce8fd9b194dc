import type { Backend } from '../../src-main/front/vfs/backend.ts'
import { parsePath } from '../../src-main/front/vfs/path.ts'
import type { AttachedVm } from '../../tests/harness/vm/attach-vm.ts'
import type { Samples } from './samples.ts'
import { bytes } from './ways/agent.ts'

const uploads = 8
const uploadBytes = 32 * 1024 * 1024
const restMs = 10_000

/** The agent's programs and init; brackets keep the search from finding itself. */
const programs = { 'agent.js': '[a]gent', 'files.js': '[f]iles', 'probe.js': '[p]robe' } as const
export const memoryRows = ['idle', `under ${uploads} uploads`, 'after them'] as const

/** Resident memory of the agent's programs in MB, summed: idle, the most that was seen under load, and some seconds later. */
export async function measureMemory(
  vm: AttachedVm,
  backend: Backend,
  samples: Samples,
  onProgress: (text: string) => void,
): Promise<void> {
  onProgress('memory of the agent')
  samples.add('memory', memoryRows[0], await residentMegabytes(vm))
  const over = new AbortController()
  const isOver = (): boolean => over.signal.aborted
  const working = Promise.all(Array.from({ length: uploads }, (_, number) => upload(backend, number)))
  const done = working.finally(() => over.abort())
  let most = 0
  while (!isOver()) most = Math.max(most, await residentMegabytes(vm))
  await done
  samples.add('memory', memoryRows[1], most)
  await new Promise((resolve) => setTimeout(resolve, restMs))
  samples.add('memory', memoryRows[2], await residentMegabytes(vm))
}

async function upload(backend: Backend, number: number): Promise<void> {
  const signal = new AbortController().signal
  await backend.write(parsePath(`/upload-${number}`), bytes(uploadBytes), { signal })
}

async function residentMegabytes(vm: AttachedVm): Promise<number> {
  const patterns = Object.values(programs).map((name) => `-e 'mountbar/${name}[.]js'`)
  const find = `grep -al ${patterns.join(' ')} /proc/[0-9]*/cmdline | cut -d/ -f3`
  const said = await vm.exec(`for pid in $(${find}); do grep -h VmRSS /proc/$pid/status; done || true`, {
    limitMs: 120_000,
  })
  const kilobytes = [...said.matchAll(/VmRSS:\s+(\d+) kB/g)].map(([, number]) => Number(number))
  return (kilobytes.reduce((sum, value) => sum + value, 0) * 1024) / 1e6
}
