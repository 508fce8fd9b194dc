import type { TestProject } from 'vitest/node'

import { makeTempDir } from '../temp-dir.ts'
import { shareVm } from '../vm/share-vm.ts'
import { startVm } from '../vm/start-vm.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where `attachVm` finds the VM that all suites of a run share. */
    readonly rigVmPort: number
  }
}

/** One VM for all suites of a run, one after the other: the bridge's image is built in it once. Started when the first suite wants it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const temp = await makeTempDir('rig-vm')
  const shared = await shareVm(() => startVm({ dir: temp.dir }))
  project.provide('rigVmPort', shared.port)
  return async () => {
    await shared[Symbol.asyncDispose]()
    await temp[Symbol.asyncDispose]()
  }
}
