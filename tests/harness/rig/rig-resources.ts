import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { systemClock } from '../../../src-main/lib/clock.ts'
import type { AwsAccount } from '../aws/account.ts'
import type { ConnectRig } from '../aws/connect-rig.ts'
import {
  ResourceRefused,
  type MadeResource,
  type ResourceHost,
  type WantedResource,
} from '../aws/resource-host.ts'
import { startBucketSide, type BucketSide } from '../s3files/bucket/run-synchroniser.ts'
import { allClientActions } from '../s3files/identity/authority.ts'
import { startSimulatedTarget, type SimulatedTarget } from '../s3files/start-mount-target.ts'

export interface RigResourcesOptions {
  /** Makes what has nothing to do with files. */
  readonly host: ResourceHost
  readonly aws: ConnectRig
  readonly account: AwsAccount
  readonly nfs: { readonly host: string; readonly port: number }
  /** What the NFS server exports; emptied with the file system. */
  readonly exportDir: string
  /** Where to say who has signed the mount target's certificate. */
  readonly caPath: string
  readonly quietMs: number
}

/** A host whose file system has files, and whose mount target answers. One of each at a time. Disposing ends what is left of them. */
export interface RigResources extends ResourceHost, AsyncDisposable {
  /** While there is one. */
  readonly mountTarget: SimulatedTarget | undefined
}

/** What every client is let in at: the port of the load balancer, which this machine's loopback is in place of. */
const nfsPort = 2049

export function createRigResources(options: RigResourcesOptions): RigResources {
  const { host, aws, exportDir } = options
  const { state } = aws.control
  let bucketSide: BucketSide | undefined
  let mountTarget: SimulatedTarget | undefined

  const after = async ({ type }: WantedResource, made: MadeResource): Promise<MadeResource> => {
    if (type === 'AWS::S3Files::FileSystem') bucketSide = await serveFiles(made, options)
    if (type === 'AWS::S3Files::MountTarget')
      mountTarget = await openMountTarget(state.mountTarget(made.physicalId).fileSystemId, options)
    if (type === 'AWS::S3Files::AccessPoint') mountTarget?.changeAuthority(authorityOf(options))
    return made
  }
  return {
    get mountTarget() {
      return mountTarget
    },
    create: async (wanted) => await after(wanted, await host.create(wanted)),
    update: async (wanted, made) => await after(wanted, await host.update(wanted, made)),
    remove: async (type, physicalId) => {
      const isFileSystem = type === 'AWS::S3Files::FileSystem'
      // S3 Files refuses by what it knows itself.
      if (isFileSystem && bucketSide !== undefined)
        state.fileSystem(physicalId).pendingExports = bucketSide.metrics.pendingExports
      await host.remove(type, physicalId)
      if (type === 'AWS::S3Files::MountTarget') {
        await mountTarget?.[Symbol.asyncDispose]()
        mountTarget = undefined
      }
      if (isFileSystem) {
        await bucketSide?.[Symbol.asyncDispose]()
        bucketSide = undefined
        for (const name of await readdir(exportDir)) await rm(join(exportDir, name), { recursive: true })
      }
    },
    [Symbol.asyncDispose]: async () => {
      await mountTarget?.[Symbol.asyncDispose]()
      await bucketSide?.[Symbol.asyncDispose]()
    },
  }
}

/** Keeps the directory and the stack's bucket alike: the very bucket that S3 serves. */
async function serveFiles(
  { attributes }: MadeResource,
  { aws, exportDir, quietMs }: RigResourcesOptions,
): Promise<BucketSide> {
  const { fileSystemId, bucket: arn } = aws.control.state.fileSystem(attributes['FileSystemId'] ?? '')
  const bucket = aws.buckets.find(({ name }) => arn.endsWith(`:${name}`))
  if (bucket === undefined) throw new Error(`${fileSystemId} is on ${arn}, which nothing serves`)
  return await startBucketSide({
    exportDir,
    fileSystemId,
    bucket,
    quietMs,
    scanEveryMs: 500,
    clock: systemClock,
  })
}

async function openMountTarget(fileSystemId: string, options: RigResourcesOptions): Promise<SimulatedTarget> {
  const target = await startSimulatedTarget({
    nfs: options.nfs,
    fileSystemId,
    region: options.aws.target.region,
    authority: authorityOf(options),
    port: nfsPort,
  }).catch((cause: unknown) => {
    throw new ResourceRefused(`Nothing can listen on port ${nfsPort} of this machine.`, { cause })
  })
  await writeFile(options.caPath, target.caPem)
  return target
}

/** Who has a key may do everything here, through the access points that there are. */
function authorityOf({ account, aws }: RigResourcesOptions) {
  return {
    principals: [...account.keys.values()].map((key) => ({ ...key, actions: allClientActions })),
    accessPoints: [...aws.control.state.accessPoints.values()].map(({ accessPointId, posixUser }) => ({
      accessPointId,
      ...(posixUser !== undefined && { user: { uid: posixUser.uid, gid: posixUser.gid } }),
    })),
  }
}
