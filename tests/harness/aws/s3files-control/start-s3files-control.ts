import type { AwsAccount } from '../account.ts'
import { awsError, awsJson, startScriptedService } from '../scripted-service.ts'
import type { AwsReply, AwsRequest, AwsService } from '../service.ts'
import {
  S3FilesRefusal,
  type AccessPointInput,
  type FileSystemInput,
  type MountTargetInput,
} from './records.ts'
import { S3FilesState, type S3FilesStateOptions } from './s3files-state.ts'
import {
  accessPointLine,
  accessPointView,
  fileSystemLine,
  fileSystemView,
  mountTargetLine,
  mountTargetView,
} from './views.ts'

export interface S3FilesControlOptions extends Omit<S3FilesStateOptions, 'accountId' | 'nowMs'> {
  readonly account: AwsAccount
  readonly nowMs: () => number
  /** Most items of a page, whatever a request asks for; a small one makes every client turn pages. */
  readonly pageSize?: number
  /** Actions as IAM names them, `s3files:ListFileSystems`, that are refused whoever asks. */
  readonly isDenied?: (action: string) => boolean
}

/** S3 Files' control plane on this machine: REST with JSON as in the SDK's model. Signatures are verified. */
export interface S3FilesControl {
  readonly service: AwsService
  readonly state: S3FilesState
}

type Handler = (state: S3FilesState, request: Parsed) => AwsReply

interface Parsed {
  /** The id in the path. */
  readonly id: string
  readonly query: URLSearchParams
  readonly body: unknown
  readonly pageSize: number
}

export async function startS3FilesControl(options: S3FilesControlOptions): Promise<S3FilesControl> {
  const { account, nowMs, pageSize = 100, isDenied = () => false, ...rest } = options
  const state = new S3FilesState({ ...rest, accountId: account.accountId, nowMs })
  const service = await startScriptedService({
    account,
    signedFor: 's3files',
    nowMs,
    answer: (request) => answer(state, request, { pageSize, isDenied }),
  })
  return { service, state }
}

function answer(
  state: S3FilesState,
  { method, url, body }: AwsRequest,
  { pageSize, isDenied }: Required<Pick<S3FilesControlOptions, 'pageSize' | 'isDenied'>>,
): AwsReply {
  for (const [operation, route, handle] of operations) {
    const match = route.exec(`${method} ${decodeURIComponent(url.pathname)}`)
    if (match === null) continue
    const action = `s3files:${operation}`
    if (isDenied(action))
      return awsError(403, 'AccessDeniedException', `You are not authorized to perform: ${action}`)
    try {
      state.settle()
      const parsed: unknown = body === '' ? {} : JSON.parse(body)
      return handle(state, { id: match[1] ?? '', query: url.searchParams, body: parsed, pageSize })
    } catch (error) {
      if (error instanceof S3FilesRefusal) return refusal(error)
      throw error
    }
  }
  return awsError(404, 'UnknownOperationException')
}

// What the SDK sends has the model's shape already: it is what builds the requests.
const operations: readonly (readonly [string, RegExp, Handler])[] = [
  [
    'CreateFileSystem',
    /^PUT \/file-systems$/,
    (state, { body }) => ({
      ...awsJson(fileSystemView(state.createFileSystem(body as FileSystemInput))),
      status: 201,
    }),
  ],
  [
    'ListFileSystems',
    /^GET \/file-systems$/,
    (state, { query, pageSize }) => {
      const bucket = query.get('bucket')
      const all = [...state.fileSystems.values()].filter((one) => bucket === null || one.bucket === bucket)
      return page('fileSystems', all.map(fileSystemLine), query, pageSize)
    },
  ],
  [
    'GetFileSystem',
    /^GET \/file-systems\/([^/]+)$/,
    (state, { id }) => awsJson(fileSystemView(state.fileSystem(id))),
  ],
  [
    'DeleteFileSystem',
    /^DELETE \/file-systems\/([^/]+)$/,
    (state, { id, query }) => {
      state.deleteFileSystem(id, query.get('forceDelete') === 'true')
      return gone
    },
  ],
  [
    'GetFileSystemPolicy',
    /^GET \/file-systems\/([^/]+)\/policy$/,
    (state, { id }) => {
      const { fileSystemId, policy } = state.fileSystem(id)
      if (policy === undefined)
        throw new S3FilesRefusal(404, 'ResourceNotFoundException', 'PolicyNotFound', 'There is no policy.')
      return awsJson({ fileSystemId, policy })
    },
  ],
  [
    'PutFileSystemPolicy',
    /^PUT \/file-systems\/([^/]+)\/policy$/,
    (state, { id, body }) => {
      state.fileSystem(id).policy = (body as { readonly policy: string }).policy
      return awsJson({})
    },
  ],
  [
    'DeleteFileSystemPolicy',
    /^DELETE \/file-systems\/([^/]+)\/policy$/,
    (state, { id }) => {
      state.fileSystem(id).policy = undefined
      return gone
    },
  ],
  [
    'CreateMountTarget',
    /^PUT \/mount-targets$/,
    (state, { body }) => awsJson(mountTargetView(state.createMountTarget(body as MountTargetInput))),
  ],
  [
    'ListMountTargets',
    /^GET \/mount-targets$/,
    (state, { query, pageSize }) => {
      const accessPointId = query.get('accessPointId')
      const { fileSystemId } =
        accessPointId === null
          ? state.fileSystem(query.get('fileSystemId') ?? '')
          : state.accessPoint(accessPointId)
      return page('mountTargets', state.mountTargetsOf(fileSystemId).map(mountTargetLine), query, pageSize)
    },
  ],
  [
    'GetMountTarget',
    /^GET \/mount-targets\/([^/]+)$/,
    (state, { id }) => awsJson(mountTargetView(state.mountTarget(id))),
  ],
  [
    'UpdateMountTarget',
    /^PUT \/mount-targets\/([^/]+)$/,
    (state, { id, body }) => {
      const record = state.mountTarget(id)
      record.securityGroups = (body as { readonly securityGroups: readonly string[] }).securityGroups
      return awsJson(mountTargetView(record))
    },
  ],
  [
    'DeleteMountTarget',
    /^DELETE \/mount-targets\/([^/]+)$/,
    (state, { id }) => {
      state.deleteMountTarget(id)
      return gone
    },
  ],
  [
    'CreateAccessPoint',
    /^PUT \/access-points$/,
    (state, { body }) => awsJson(accessPointView(state.createAccessPoint(body as AccessPointInput))),
  ],
  [
    'ListAccessPoints',
    /^GET \/access-points$/,
    (state, { query, pageSize }) => {
      const { fileSystemId } = state.fileSystem(query.get('fileSystemId') ?? '')
      return page('accessPoints', state.accessPointsOf(fileSystemId).map(accessPointLine), query, pageSize)
    },
  ],
  [
    'GetAccessPoint',
    /^GET \/access-points\/(.+)$/,
    (state, { id }) => awsJson(accessPointView(state.accessPoint(id))),
  ],
  [
    'DeleteAccessPoint',
    /^DELETE \/access-points\/(.+)$/,
    (state, { id }) => {
      state.deleteAccessPoint(id)
      return gone
    },
  ],
]

const gone: AwsReply = { status: 204 }

/** The token is the place to go on at: good enough for lists that nobody else changes. */
function page(name: string, items: readonly unknown[], query: URLSearchParams, pageSize: number): AwsReply {
  const from = Number(query.get('nextToken') ?? '0')
  const to = from + Math.min(Number(query.get('maxResults') ?? pageSize), pageSize)
  return awsJson({ [name]: items.slice(from, to), ...(to < items.length && { nextToken: String(to) }) })
}

function refusal({ status, name, errorCode, message }: S3FilesRefusal): AwsReply {
  const reply = awsError(status, name, message)
  return { ...reply, body: JSON.stringify({ __type: name, errorCode, message }) }
}
