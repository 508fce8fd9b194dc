import { AppError } from '../../../shared/errors.ts'
import type { Clients } from './clients.ts'
import type { AwsTarget } from '../stack.ts'

/** A file system as S3 Files shows it, in whatever state. */
export interface FileSystemFacts {
  readonly fileSystemId: string
  readonly name?: string | undefined
  /** The name, not the ARN. */
  readonly bucket: string
  readonly prefix: string
  /** As AWS says: `available`, `creating`, `error` … */
  readonly status: string
  readonly statusMessage?: string | undefined
}

export interface MountTargetFacts {
  readonly mountTargetId: string
  readonly availabilityZoneId?: string | undefined
  readonly ipv4Address?: string | undefined
  readonly vpcId?: string | undefined
  readonly status: string
  readonly statusMessage?: string | undefined
}

export interface AccessPointFacts {
  readonly accessPointId: string
  readonly accessPointArn: string
  readonly name?: string | undefined
  /** Whom everybody who comes through it is taken for; nobody in particular where absent. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined
  /** The folder that is the root of whoever comes through it. */
  readonly folder: string
  /** How the folder is made when it is not there yet. */
  readonly creation?:
    { readonly ownerUid: number; readonly ownerGid: number; readonly permissions: string } | undefined
  readonly status: string
}

/** S3 Files' control plane, in the words of this folder. All lists are whole: pages are turned here. */
export interface S3Files {
  /** @throws AppError `file-system-missing` */
  fileSystem(target: AwsTarget, fileSystemId: string, signal: AbortSignal): Promise<FileSystemFacts>
  /** Without prefixes, which AWS does not tell in a list. */
  fileSystems(target: AwsTarget, signal: AbortSignal): Promise<readonly FileSystemFacts[]>
  /** @throws AppError `file-system-missing` */
  mountTargets(
    target: AwsTarget,
    fileSystemId: string,
    signal: AbortSignal,
  ): Promise<readonly MountTargetFacts[]>
  /** @throws AppError `file-system-missing` */
  accessPoints(
    target: AwsTarget,
    fileSystemId: string,
    signal: AbortSignal,
  ): Promise<readonly AccessPointFacts[]>
  /** The JSON of its policy; `undefined` when it has none. @throws AppError `file-system-missing` */
  policy(target: AwsTarget, fileSystemId: string, signal: AbortSignal): Promise<string | undefined>
}

export function createS3Files(clients: Clients): S3Files {
  return {
    fileSystem: (target, fileSystemId, signal) =>
      clients.s3Files({ action: 's3files:GetFileSystem', target, signal }, async (client, sdk) => {
        const command = new sdk.GetFileSystemCommand({ fileSystemId })
        const one = await known(
          client.send(command, { abortSignal: signal }),
          { fileSystemId, region: target.region },
          sdk.ResourceNotFoundException,
        )
        return fileSystemFacts(one)
      }),
    fileSystems: (target, signal) =>
      clients.s3Files({ action: 's3files:ListFileSystems', target, signal }, async (client, sdk) => {
        const facts: FileSystemFacts[] = []
        for await (const page of sdk.paginateListFileSystems({ client }, {}, { abortSignal: signal }))
          facts.push(...(page.fileSystems ?? []).map(fileSystemFacts))
        return facts
      }),
    mountTargets: (target, fileSystemId, signal) =>
      clients.s3Files({ action: 's3files:ListMountTargets', target, signal }, async (client, sdk) => {
        const pages = sdk.paginateListMountTargets({ client }, { fileSystemId }, { abortSignal: signal })
        const all = await known(
          collect(pages, ({ mountTargets = [] }) => mountTargets),
          { fileSystemId, region: target.region },
          sdk.ResourceNotFoundException,
        )
        return all.map(({ mountTargetId = '', status = 'unknown', ...rest }) => ({
          ...rest,
          mountTargetId,
          status,
        }))
      }),
    accessPoints: (target, fileSystemId, signal) =>
      clients.s3Files({ action: 's3files:ListAccessPoints', target, signal }, async (client, sdk) => {
        const pages = sdk.paginateListAccessPoints({ client }, { fileSystemId }, { abortSignal: signal })
        const all = await known(
          collect(pages, ({ accessPoints = [] }) => accessPoints),
          { fileSystemId, region: target.region },
          sdk.ResourceNotFoundException,
        )
        return all.map(accessPointFacts)
      }),
    policy: (target, fileSystemId, signal) =>
      clients.s3Files({ action: 's3files:GetFileSystemPolicy', target, signal }, async (client, sdk) => {
        try {
          const command = new sdk.GetFileSystemPolicyCommand({ fileSystemId })
          return (await client.send(command, { abortSignal: signal })).policy
        } catch (error) {
          if (!(error instanceof sdk.ResourceNotFoundException)) throw error
          if (error.errorCode === noPolicy) return undefined
          throw new AppError('file-system-missing', { fileSystemId, region: target.region }, { cause: error })
        }
      }),
  }
}

/** The error code by which a file system without a policy is told from one that is not there. */
const noPolicy = 'PolicyNotFound'

async function known<T>(
  answer: Promise<T>,
  args: { readonly fileSystemId: string; readonly region: string },
  missing: abstract new (...args: never) => Error,
): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof missing) throw new AppError('file-system-missing', args, { cause: error })
    throw error
  }
}

async function collect<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[],
): Promise<Item[]> {
  const items: Item[] = []
  for await (const page of pages) items.push(...itemsOf(page))
  return items
}

interface RawFileSystem {
  readonly fileSystemId?: string | undefined
  readonly name?: string | undefined
  readonly bucket?: string | undefined
  readonly prefix?: string | undefined
  readonly status?: string | undefined
  readonly statusMessage?: string | undefined
}

function fileSystemFacts(raw: RawFileSystem): FileSystemFacts {
  const { fileSystemId = '', name, bucket = '', prefix = '', status = 'unknown', statusMessage } = raw
  return { fileSystemId, name, bucket: bucket.replace(/^arn:[^:]+:s3:::/, ''), prefix, status, statusMessage }
}

interface RawAccessPoint {
  readonly accessPointId: string | undefined
  readonly accessPointArn: string | undefined
  readonly name?: string | undefined
  readonly status: string | undefined
  readonly posixUser?: { readonly uid: number | undefined; readonly gid: number | undefined } | undefined
  readonly rootDirectory?:
    | {
        readonly path?: string | undefined
        readonly creationPermissions?:
          | {
              readonly ownerUid: number | undefined
              readonly ownerGid: number | undefined
              readonly permissions: string | undefined
            }
          | undefined
      }
    | undefined
}

function accessPointFacts(raw: RawAccessPoint): AccessPointFacts {
  const { accessPointId = '', accessPointArn = '', name, status = 'unknown', posixUser, rootDirectory } = raw
  const { path, creationPermissions: creation } = rootDirectory ?? {}
  return {
    accessPointId,
    accessPointArn,
    name,
    status,
    folder: path === undefined || path === '' ? '/' : path,
    user: posixUser && { uid: posixUser.uid ?? 0, gid: posixUser.gid ?? 0 },
    creation: creation && {
      ownerUid: creation.ownerUid ?? 0,
      ownerGid: creation.ownerGid ?? 0,
      permissions: creation.permissions ?? '',
    },
  }
}
