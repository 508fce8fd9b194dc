import type { AccessPointFacts, FileSystemFacts, MountTargetFacts, S3Files } from '../aws/s3files.ts'
import type { Clients } from '../aws/clients.ts'
import { stackOf, type StackLookup } from '../connect/stack-lookup.ts'
import type { StackCaller } from '../ports.ts'
import type { AwsTarget, StackView } from '../stack.ts'

/** What is known of a drive without asking anybody. */
export interface CheckedDrive {
  readonly name: string
  readonly fileSystemId: string
  readonly region: string
  readonly profile: string
  readonly accessPointId?: string | undefined
  readonly server: { readonly host: string; readonly port: number }
  readonly throughInstanceId?: string | undefined
  readonly readOnly: boolean
  /** The name on the mount target's certificate. */
  readonly tlsName: string
  /** Who may have signed it; Amazon's roots where absent. PEM. */
  readonly caPem?: string | undefined
}

/** A place to connect to for as long as it is held. */
export interface OpenRoute extends AsyncDisposable {
  readonly host: string
  readonly port: number
}

export interface CheckParts {
  readonly s3Files: S3Files
  readonly clients: Clients
  readonly stacks: Pick<StackLookup, 'list'>
  readonly whoIs: (target: AwsTarget, signal: AbortSignal) => Promise<StackCaller>
  /** The server itself, or the near end of a session to it. */
  readonly openRoute: (drive: CheckedDrive, signal: AbortSignal) => Promise<OpenRoute>
  /** @throws AppError `public-address-unknown` */
  readonly publicAddress: (signal: AbortSignal) => Promise<string>
}

/** What several checks ask for, asked for once. Disposing ends the route. */
export interface DriveFacts extends AsyncDisposable {
  readonly drive: CheckedDrive
  readonly target: AwsTarget
  readonly clients: Clients
  caller(): Promise<StackCaller>
  fileSystem(): Promise<FileSystemFacts>
  mountTargets(): Promise<readonly MountTargetFacts[]>
  accessPoints(): Promise<readonly AccessPointFacts[]>
  policy(): Promise<string | undefined>
  /** The stack it is of, if it is of one that may be seen. */
  stack(): Promise<StackView | undefined>
  route(): Promise<OpenRoute>
  publicAddress(): Promise<string>
}

/** @param signal ends all questions; those of one check end with it. */
export function createDriveFacts(drive: CheckedDrive, parts: CheckParts, signal: AbortSignal): DriveFacts {
  const { s3Files, clients, stacks, whoIs, openRoute, publicAddress } = parts
  const { fileSystemId, profile, region } = drive
  const target = { profile, region }
  const route = once(() => openRoute(drive, signal))
  return {
    drive,
    target,
    clients,
    caller: once(() => whoIs(target, signal)).get,
    fileSystem: once(() => s3Files.fileSystem(target, fileSystemId, signal)).get,
    mountTargets: once(() => s3Files.mountTargets(target, fileSystemId, signal)).get,
    accessPoints: once(() => s3Files.accessPoints(target, fileSystemId, signal)).get,
    policy: once(() => s3Files.policy(target, fileSystemId, signal)).get,
    stack: once(() => stackOf(fileSystemId, target, stacks, signal)).get,
    route: route.get,
    publicAddress: once(() => publicAddress(signal)).get,
    [Symbol.asyncDispose]: async () => {
      const opened = await route.asked()?.catch(() => undefined)
      await opened?.[Symbol.asyncDispose]()
    },
  }
}

interface Once<T> {
  readonly get: () => Promise<T>
  /** The answer, if anybody has asked. */
  readonly asked: () => Promise<T> | undefined
}

function once<T>(ask: () => Promise<T>): Once<T> {
  let answer: Promise<T> | undefined
  return { get: () => (answer ??= ask()), asked: () => answer }
}
