import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Health } from '../../src-main/front/vfs/patience/health.ts'
import { createUploadQueue } from '../../src-main/front/vfs/uploads/create-upload-queue.ts'
import type { UploadQueueOptions } from '../../src-main/front/vfs/uploads/queue-parts.ts'
import { openUploadStore } from '../../src-main/front/vfs/uploads/store/open-upload-store.ts'
import { systemClock } from '../../src-main/lib/clock.ts'
import { describeBackend } from './backend-contract.ts'
import type { Subject } from './backend/subject.ts'
import { makeLocalBackend } from './local/local-subject.ts'

// Never delivered: all that is seen of a file is its upload. Deliveries that come in between would move directories' times.
describeBackend('a folder with uploads that wait', () =>
  makeQueuedFolder({ mode: 'queued', limits: { parallel: 0 } }),
)
describeBackend('a folder that is written through', () => makeQueuedFolder({ mode: 'write-through' }))

/** The queue and its store over a local folder of which nobody knows anything but by asking. */
async function makeQueuedFolder(options: Pick<UploadQueueOptions, 'mode' | 'limits'>): Promise<Subject> {
  const stack = new AsyncDisposableStack()
  const { backend } = stack.use(await makeLocalBackend({ durable: false }))
  const stateDir = await mkdtemp(join(tmpdir(), 'mountbar-queue-'))
  stack.defer(() => rm(stateDir, { recursive: true, force: true }))
  const health = stack.use(new Health(systemClock, (signal) => backend.statfs({ signal })))
  const store = stack.use(
    openUploadStore({ stateDir, clock: systemClock, maxBytes: 1024 ** 3, reserveBytes: 0 }),
  )
  const queue = stack.use(
    createUploadQueue({
      ...options,
      store,
      backend,
      health,
      clock: systemClock,
      hostName: 'test',
      knownAt: () => 'unknown',
      onChanged: () => undefined,
    }),
  )
  return { backend: queue.backend, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}
