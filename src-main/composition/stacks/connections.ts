import { randomUUID } from 'node:crypto'

import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Credentials } from '../../services/credentials/credentials.ts'
import type { AskMfaCode } from '../../services/credentials/ports.ts'
import type { FileSystem, S3FilesDrive } from '../../services/drives/drive.ts'
import type { AccessDecision } from '../../services/stacks/access/decide-access.ts'
import { updateAccess } from '../../services/stacks/access/update-access.ts'
import { createS3Files } from '../../services/stacks/aws/s3files.ts'
import { openStackApi } from '../../services/stacks/aws/stack-api.ts'
import { checkDrive, type DriveCheckResult } from '../../services/stacks/check/check-drive.ts'
import type { CheckedDrive, OpenRoute } from '../../services/stacks/check/drive-facts.ts'
import { stackOf } from '../../services/stacks/connect/stack-lookup.ts'
import { deleteBucket } from '../../services/stacks/destroy/delete-bucket.ts'
import { destroyStack, type DestroyStep, type Leftover } from '../../services/stacks/destroy/destroy-stack.ts'
import { wasMadeBy } from '../../services/stacks/destroy/own-bucket.ts'
import { openForward } from '../../services/stacks/ssm/open-forward.ts'
import type { AwsTarget, StackName, StackView } from '../../services/stacks/stack.ts'
import { createCloudWatchMetrics } from '../../services/vitals/aws/cloudwatch-metrics.ts'
import { AppError } from '../../shared/errors.ts'
import { askAws } from '../aws/ask-aws.ts'
import { readPem, serverNameOf } from '../bridges/server-certificate.ts'
import type { Stacks } from './open-stacks.ts'

export interface ConnectionsParts {
  readonly stacks: Stacks
  /** The caller's, who disposes them after the last use. */
  readonly credentials: Credentials
  readonly askMfaCode?: AskMfaCode | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly log: Logger
}

/** Between a drive and the AWS side of it: what keeps the two apart, who is let in, and how it all goes away. */
export interface Connections {
  /** What the drive needs, asked at once. @see checkDrive */
  check(drive: S3FilesDrive, signal: AbortSignal): Promise<readonly DriveCheckResult[]>
  /** Lets this machine's public address in to the drive's load balancer. @see updateAccess @throws AppError `access-not-changeable` */
  letIn(drive: S3FilesDrive, signal: AbortSignal): Promise<AccessDecision>
  /** @see destroyStack */
  destroy(
    stack: StackView,
    onStep: (step: DestroyStep) => void,
    signal: AbortSignal,
  ): Promise<readonly Leftover[]>
  /** @see deleteBucket */
  deleteBucket(
    bucket: string,
    target: AwsTarget,
    onProgress: (deleted: number) => void,
    signal: AbortSignal,
  ): Promise<void>
  /** @see wasMadeBy */
  wasMadeBy(bucket: string, name: StackName, target: AwsTarget, signal: AbortSignal): Promise<boolean>
}

const metricAgeMs = 5 * 60_000

export function createConnections(parts: ConnectionsParts): Connections {
  const { stacks, credentials, askMfaCode, env, clock, log } = parts
  const wish = askMfaCode === undefined ? {} : { askMfaCode }
  const { clients, deployments, publicAddress } = stacks
  const s3Files = createS3Files(clients)
  const metrics = createCloudWatchMetrics(askAws(credentials), () => clock.now())
  const targetOf = ({ profile = credentials.profiles.defaultName, region }: FileSystem): AwsTarget => ({
    profile,
    region,
  })
  const openRoute = async (
    { server, throughInstanceId, region, profile }: CheckedDrive,
    signal: AbortSignal,
  ): Promise<OpenRoute> => {
    if (throughInstanceId === undefined) return { ...server, [Symbol.asyncDispose]: () => Promise.resolve() }
    const forward = await openForward(
      { target: { profile, region }, instanceId: throughInstanceId, remoteHost: server.host },
      { clients, env, endpoint: credentials.settings.endpointOf('ssm'), clock, log, random: Math.random },
      signal,
    )
    return {
      host: '127.0.0.1',
      port: forward.localPort,
      [Symbol.asyncDispose]: () => forward[Symbol.asyncDispose](),
    }
  }
  return {
    check: async (drive, signal) => {
      const { name, readOnly, fileSystem } = drive
      const { fileSystemId, region, accessPointId, server, throughInstanceId, caPath } = fileSystem
      const checked: CheckedDrive = {
        name,
        ...targetOf(fileSystem),
        fileSystemId,
        accessPointId,
        server,
        throughInstanceId,
        readOnly,
        tlsName: serverNameOf(fileSystemId, region),
        caPem: caPath === undefined ? undefined : await readPem(caPath),
      }
      const whoIs = async ({ profile, region: at }: AwsTarget, ending: AbortSignal) => {
        const { credentials: secret } = await credentials.sessions.sessionFor(profile, ending, wish)
        return await credentials.sts.whoIs(secret, at, ending)
      }
      const askFor = { s3Files, clients, stacks: deployments, whoIs, openRoute, publicAddress, clock }
      return await checkDrive(checked, askFor, signal)
    },
    letIn: async ({ name, fileSystem }, signal) => {
      const target = targetOf(fileSystem)
      const stack = await stackOf(fileSystem.fileSystemId, target, deployments, signal)
      if (stack === undefined) {
        const reason = 'its file system is of no stack that Mountbar made, or you may not see it'
        throw new AppError('access-not-changeable', { name, reason })
      }
      const address = await publicAddress(signal)
      const api = openStackApi(clients, target)
      return await updateAccess(stack, address, { api, clock, newToken: randomUUID }, signal)
    },
    destroy: async (stack, onStep, signal) => {
      const pendingExports = async (
        { profile, region }: AwsTarget,
        fileSystemId: string,
        ending: AbortSignal,
      ) => {
        const query = {
          namespace: 'AWS/S3/Files',
          name: 'PendingExports',
          dimensions: { FileSystemId: fileSystemId },
          statistic: 'Sum',
          periodSeconds: 60,
        } as const
        const [newest] = await metrics.get({ profile, region }, [query], clock.now() - metricAgeMs, ending)
        return newest?.value
      }
      const api = openStackApi(clients, stack)
      return await destroyStack(stack, { api, pendingExports, clock, newToken: randomUUID }, onStep, signal)
    },
    deleteBucket: (bucket, target, onProgress, signal) =>
      deleteBucket(bucket, target, clients, onProgress, signal),
    wasMadeBy: (bucket, name, target, signal) => wasMadeBy(bucket, name, target, clients, signal),
  }
}
