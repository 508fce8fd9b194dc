import { join } from 'node:path'

import { afterAll, beforeAll, expect, inject, test } from 'vitest'

import { needs } from '../harness/needs.ts'
import { startRigAws } from '../harness/rig/rig-aws.ts'
import { prepareStackCommand } from '../harness/rig/stack-command.ts'
import { cleanUpAfterSteps, stackSteps, type StackStepsOptions } from '../harness/rig/stack-steps.ts'
import { makeTempDir } from '../harness/temp-dir.ts'
import { attachVm } from '../harness/vm/attach-vm.ts'
import { vmNeeds } from '../harness/vm/vm-needs.ts'

needs(...vmNeeds, 'davfs2')('mountbar from nothing to a file in a bucket, and back', () => {
  const stack = new AsyncDisposableStack()
  let options: StackStepsOptions

  beforeAll(async () => {
    const vm = await attachVm(inject('rigVmPort'))
    const rigAws = stack.use(await startRigAws({ vm, quietMs: 1_000, turnsPerLook: 200 }))
    const temp = stack.use(await makeTempDir('stack'))
    const command = await prepareStackCommand({ rigAws, dir: temp.dir, isShown: false })
    options = { rigAws, command, mountDir: join(temp.dir, 'Photos') }
    // Whatever becomes of the test: no volume may stay behind.
    stack.defer(() => cleanUpAfterSteps(options))
  })

  afterAll(() => stack.disposeAsync())

  test('each step of the demo holds, and leaves nothing', async () => {
    let told: readonly string[] = []
    for (const { title, run } of stackSteps(options)) {
      told = await run().catch((cause: unknown) => {
        throw new Error(`${title}: ${String(cause)}`, { cause })
      })
    }
    expect(told).toContain('AWS has: nothing')
  })
})
