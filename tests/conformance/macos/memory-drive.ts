import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { createVfs } from '../../../src-main/front/vfs/drive-vfs.ts'
import { openUploadStore } from '../../../src-main/front/vfs/uploads/store/open-upload-store.ts'
import type { UploadQueue } from '../../../src-main/front/vfs/uploads/upload-queue.ts'
import type { UploadStore } from '../../../src-main/front/vfs/uploads/upload-store.ts'
import { startWebDavServer } from '../../../src-main/front/webdav/server.ts'
import { type Clock, systemClock } from '../../../src-main/lib/clock.ts'
import { FaultBackend } from '../../fakes/fault-backend.ts'
import { MemoryBackend } from '../../fakes/memory-backend.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { mountSimulatedVolume } from '../../harness/webdavfs/mount.ts'
import type { SimulatedVolume } from '../../harness/webdavfs/volume.ts'

/** A front inside the test, over a backend that the test can hold up, break and watch. */
export interface MemoryDrive extends AsyncDisposable {
  readonly backend: MemoryBackend
  /** What stands between the front and `backend`. */
  readonly faults: FaultBackend
  /** Undefined unless `queued`. */
  readonly uploads: UploadQueue | undefined
  readonly volume: SimulatedVolume
  readonly url: string
}

/** `frontClock` is the front's time; the volume's is `volumeClock`. `queued`: with an upload queue, as users run it. */
export async function mountMemoryDrive({
  frontClock = systemClock,
  volumeClock = systemClock,
  queued = false,
}: {
  readonly frontClock?: Clock
  readonly volumeClock?: Clock
  readonly queued?: boolean
} = {}): Promise<MemoryDrive> {
  const stack = new AsyncDisposableStack()
  const temp = stack.use(await makeTempDir('memory-drive'))
  const backend = new MemoryBackend(frontClock)
  const faults = new FaultBackend(backend, frontClock)
  const stateDir = join(temp.dir, 'state')
  const uploads = queued ? stack.use(openStore(stateDir, frontClock)) : undefined
  const vfs = stack.use(
    createVfs({
      backend: faults,
      clock: frontClock,
      stateDir,
      ...(uploads === undefined ? {} : { uploads: { store: uploads, mode: 'queued', hostName: 'Mac' } }),
      metadataTtlMs: 5_000,
      negativeTtlMs: 2_000,
      readOnly: false,
    }),
  )
  const pathSecret = randomBytes(16).toString('hex')
  const observer = { started: () => undefined, ended: () => undefined }
  const server = await startWebDavServer({ vfs, clock: frontClock, pathSecret, port: 0, observer })
  stack.defer(() => server.close(0))
  const url = `http://127.0.0.1:${server.port}/${pathSecret}/`
  const volume = stack.use(await mountSimulatedVolume({ url, clock: volumeClock }))
  return {
    backend,
    faults,
    uploads: vfs.uploads,
    volume,
    url,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

function openStore(stateDir: string, clock: Clock): UploadStore {
  mkdirSync(stateDir)
  return openUploadStore({ stateDir, maxBytes: 1e9, reserveBytes: 0, clock })
}
