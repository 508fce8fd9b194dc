import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openFileService } from '../../docker/bridge/agent/files/open-file-service.ts'
import { systemClock } from '../../docker/bridge/lib/clock.ts'
import { BridgeAddresses } from '../../src-main/front/backends/bridge/bridge-address.ts'
import { createBridgeBackend } from '../../src-main/front/backends/bridge/bridge-backend.ts'
import { describeBackend } from './backend-contract.ts'

const token = 'c0ffee00'.repeat(8)

describeBackend('a bridge over an agent’s file service', async () => {
  const stack = new AsyncDisposableStack()
  const rootDir = await mkdtemp(join(tmpdir(), 'mountbar-bridge-'))
  stack.defer(() => rm(rootDir, { recursive: true, force: true, maxRetries: 3 }))
  const service = stack.use(
    await openFileService(
      { rootDir, token, readOnly: false, instanceId: undefined },
      { clock: systemClock, onFailure: () => undefined },
    ),
  )
  const addresses = new BridgeAddresses()
  addresses.set({ url: `http://127.0.0.1:${await service.listen(0, '127.0.0.1')}`, token })
  const backend = stack.use(createBridgeBackend(addresses))
  return { backend, [Symbol.asyncDispose]: () => stack.disposeAsync() }
})
