import { systemClock } from '../../../src-main/lib/clock.ts'
import { Bucket } from './bucket/bucket.ts'
import { startBucketSide, type BucketSide } from './bucket/run-synchroniser.ts'
import { startS3Endpoint, type S3Endpoint } from './s3/s3-endpoint.ts'
import {
  exampleFileSystemId,
  startSimulatedTarget,
  type SimulatedTarget,
  type SimulatedTargetOptions,
} from './start-mount-target.ts'

export interface S3FilesOptions extends SimulatedTargetOptions {
  /** The directory that the NFS server exports; the simulator reads and writes it beside the server. */
  readonly exportDir: string
  readonly bucketName?: string
  /** After the last change of a file until its export; S3 Files waits for a minute, which is the default. */
  readonly quietMs?: number
  /** Between two looks at the directory; a second unless told otherwise. */
  readonly scanEveryMs?: number
}

/** S3 Files as a whole: a mount target on one side, a bucket on the other, and a file system that NFS serves in between. */
export interface S3FilesSimulator extends AsyncDisposable {
  readonly mountTarget: SimulatedTarget
  readonly bucketSide: BucketSide
  readonly s3: S3Endpoint
}

/** Runs in this process, with nothing but the NFS server outside of it. */
export async function startS3Files(options: S3FilesOptions): Promise<S3FilesSimulator> {
  const { exportDir, bucketName = 'simulated-bucket', clock = systemClock } = options
  const { fileSystemId = exampleFileSystemId, quietMs = 60_000, scanEveryMs = 1000 } = options
  const bucket = new Bucket(bucketName, clock)
  await using resources = new AsyncDisposableStack()
  const bucketSide = resources.use(
    await startBucketSide({ exportDir, fileSystemId, bucket, quietMs, scanEveryMs, clock }),
  )
  const s3 = resources.use(await startS3Endpoint({ buckets: [bucketSide.bucket], host: '127.0.0.1' }))
  const mountTarget = resources.use(await startSimulatedTarget(options))
  const owned = resources.move()
  return { mountTarget, bucketSide, s3, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
