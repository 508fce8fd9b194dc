import { afterAll, beforeAll, inject } from 'vitest'

import type { BridgeBackend } from '../../src-main/front/backends/bridge/bridge-backend.ts'
import { describeBackend } from '../contract/backend-contract.ts'
import { Drive, type MakeBackend } from '../contract/backend/subject.ts'
import { needs } from '../harness/needs.ts'
import { startRig } from '../harness/rig/rig.ts'
import { attachVm } from '../harness/vm/attach-vm.ts'
import { vmNeeds } from '../harness/vm/vm-needs.ts'

/** Nothing is exported meanwhile: reading every file of every test would only take time from the emulated processor. */
const neverMs = 3_600_000

needs(...vmNeeds)('over a bridge, a tunnel and the kernel’s NFS client', () => {
  const stack = new AsyncDisposableStack()
  let backend: BridgeBackend

  beforeAll(async () => {
    const rig = stack.use(
      await startRig({ vm: await attachVm(inject('rigVmPort')), s3Files: { quietMs: neverMs } }),
    )
    backend = stack.use((await rig.startBridge()).backend())
  })

  afterAll(() => stack.disposeAsync())

  const makeSubject: MakeBackend = () => {
    const drive = new Drive(backend)
    return Promise.resolve({
      backend,
      // By its own means: what is changed behind a client's back it may not see at once.
      [Symbol.asyncDispose]: async () => {
        for (const name of await drive.names('/')) await drive.remove(`/${name}`)
      },
    })
  }
  describeBackend('a bridge with all its parts', makeSubject, {
    entries: 40,
    moments: 4,
    timeoutMs: 250_000,
  })
})
