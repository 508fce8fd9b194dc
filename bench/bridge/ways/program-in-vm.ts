import { readFile } from 'node:fs/promises'

import { z } from 'zod'

import type { AttachedVm } from '../../../tests/harness/vm/attach-vm.ts'
import type { Way } from '../way.ts'

const programUrl = new URL('../guest/raw-mount.ts', import.meta.url)
const programPath = '/tmp/raw-mount.ts'
const limitMs = 900_000

const times = z.array(z.number())
const answerSchema = z.object({
  stat: times,
  list: times,
  read: times,
  write: times,
  bigRead: times,
  bigWrite: times,
})

export interface Place {
  readonly label: string
  readonly container: string
  readonly mountDir: string
}

/** A mount in a container of the VM, measured by a program beside it that calls the kernel and nobody else. */
export async function programInVm(vm: AttachedVm, { label, container, mountDir }: Place): Promise<Way> {
  const inside = (command: string) => vm.exec(`docker exec -i ${container} sh -c '${command}'`, { limitMs })
  const program = (await readFile(programUrl)).toString('base64')
  await inside(`echo ${program} | base64 -d > ${programPath}`)
  return {
    label,
    perform: async (task) => {
      const order = Buffer.from(JSON.stringify({ root: mountDir, ...task })).toString('base64')
      const said = await inside(`node ${programPath} "$(echo ${order} | base64 -d)"`)
      return answerSchema.parse(JSON.parse(said.trim().split('\n').at(-1) ?? ''))
    },
  }
}
