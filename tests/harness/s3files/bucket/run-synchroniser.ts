import type { Clock } from '../../../../src-main/lib/clock.ts'
import type { Bucket } from './bucket.ts'
import { ExportDir } from './export-dir.ts'
import { Synchroniser, type SyncMetrics } from './synchroniser.ts'

export interface BucketSideOptions {
  /** What the NFS server exports. */
  readonly exportDir: string
  readonly fileSystemId: string
  /** Also what others put into it is synchronised. */
  readonly bucket: Bucket
  /** S3 Files waits for 60 s; tests need not. */
  readonly quietMs: number
  /** Between two looks at the directory, and the longest that an import takes. */
  readonly scanEveryMs: number
  readonly clock: Clock
}

/** A bucket, and the directory that is kept like it. */
export interface BucketSide extends AsyncDisposable {
  readonly bucket: Bucket
  readonly metrics: SyncMetrics
  /** False once something went wrong; disposing tells what. */
  readonly isRunning: boolean
}

/** Synchronises until it is disposed of, which rejects with what went wrong, if anything did. */
export async function startBucketSide(options: BucketSideOptions): Promise<BucketSide> {
  const { bucket, clock, quietMs, scanEveryMs } = options
  const exportDir = await ExportDir.open(options.exportDir, options.fileSystemId)
  const synchroniser = new Synchroniser({ bucket, exportDir, quietMs, clock })
  const stopping = new AbortController()
  const running = keepScanning(synchroniser, clock, scanEveryMs, stopping.signal)
  let isRunning = true
  running.catch(() => (isRunning = false))
  return {
    bucket,
    get metrics() {
      return synchroniser.metrics
    },
    get isRunning() {
      return isRunning
    },
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await running.finally(() => exportDir[Symbol.asyncDispose]())
    },
  }
}

async function keepScanning(
  synchroniser: Synchroniser,
  clock: Clock,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await synchroniser.scan()
    await clock.sleep(everyMs, signal).catch(() => undefined)
  }
}
