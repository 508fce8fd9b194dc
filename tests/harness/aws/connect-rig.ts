import { systemClock, type Clock } from '../../../src-main/lib/clock.ts'
import {
  clientSettings,
  hostOf,
  usualLimits,
} from '../../../src-main/services/credentials/aws/client-settings.ts'
import { createClockSkew, noteDates } from '../../../src-main/services/credentials/aws/clock-skew.ts'
import { translateAwsError } from '../../../src-main/services/credentials/aws/translate-aws-error.ts'
import { createClients, type Clients } from '../../../src-main/services/stacks/aws/clients.ts'
import { createS3Files, type S3Files } from '../../../src-main/services/stacks/aws/s3files.ts'
import type { StackAws } from '../../../src-main/services/stacks/ports.ts'
import type { AwsTarget } from '../../../src-main/services/stacks/stack.ts'
import type { Bucket } from '../s3files/bucket/bucket.ts'
import { startS3Endpoint, type S3Endpoint } from '../s3files/s3/s3-endpoint.ts'
import { AwsAccount } from './account.ts'
import {
  startS3FilesControl,
  type S3FilesControl,
  type S3FilesControlOptions,
} from './s3files-control/start-s3files-control.ts'

/** S3 Files' control plane and S3 on this machine, with the real SDK's clients for them. */
export interface ConnectRig extends AsyncDisposable {
  readonly account: AwsAccount
  readonly control: S3FilesControl
  readonly s3: S3Endpoint
  /** Those that S3 serves. */
  readonly buckets: Bucket[]
  readonly aws: StackAws
  readonly clients: Clients
  readonly s3Files: S3Files
  readonly target: AwsTarget
}

export interface ConnectRigOptions extends Partial<S3FilesControlOptions> {
  readonly clock?: Clock
  /** Of services that are not played here: Systems Manager, say. */
  readonly endpoints?: Readonly<Record<string, string>>
}

export async function startConnectRig(options: ConnectRigOptions = {}): Promise<ConnectRig> {
  const {
    clock = systemClock,
    region = 'eu-central-1',
    endpoints = {},
    account = new AwsAccount(),
    ...rest
  } = options
  const key = account.addUser('ann')
  await using resources = new AsyncDisposableStack()
  // Signatures are made with the machine's time, whatever a test's clock says.
  const control = await startS3FilesControl({ nowMs: () => Date.now(), ...rest, account, region })
  resources.use(control.service)
  const buckets: Bucket[] = []
  const isAttached = (name: string): boolean =>
    [...control.state.fileSystems.values()].some(({ bucket }) => bucket === `arn:aws:s3:::${name}`)
  const s3 = resources.use(await startS3Endpoint({ buckets, host: '127.0.0.1', region, isAttached }))
  const skew = createClockSkew(clock)
  const urls: Readonly<Record<string, string>> = { s3files: control.service.url, s3: s3.url }
  const settings = {
    ...usualLimits,
    skew,
    endpointOf: (service: string) => endpoints[service] ?? urls[service],
  }
  const aws: StackAws = {
    credentialsOf: () => Promise.resolve(key),
    settingsFor: (service) => clientSettings(service, settings),
    hostOf: (service, where) => hostOf(service, where, settings),
    noteDates: noteDates(skew),
    translate: (error, call) => translateAwsError(error, call, skew),
    whoIs: () => Promise.resolve({ arn: key.arn, accountId: account.accountId }),
  }
  const clients = createClients(aws)
  const owned = resources.move()
  return {
    account,
    control,
    s3,
    buckets,
    aws,
    clients,
    s3Files: createS3Files(clients),
    target: { profile: 'default', region },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
