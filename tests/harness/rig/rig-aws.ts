import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { systemClock } from '../../../src-main/lib/clock.ts'
import { AwsAccount, type AwsKey } from '../aws/account.ts'
import { startCloudFormation } from '../aws/cloudformation-service.ts'
import { LocalCloudFormation } from '../aws/cloudformation.ts'
import { startConnectRig, type ConnectRig } from '../aws/connect-rig.ts'
import { createLocalResourceHost, type LocalResourceHost } from '../aws/resources/local-resource-host.ts'
import { startSts } from '../aws/sts.ts'
import { startGanesha } from '../nfs/ganesha.ts'
import { makeTempDir } from '../temp-dir.ts'
import type { AttachedVm } from '../vm/attach-vm.ts'
import { resetVm } from './reset-vm.ts'
import { createRigResources, type RigResources } from './rig-resources.ts'

export interface RigAwsOptions {
  /** The VM; whoever lends it keeps it. */
  readonly vm: AttachedVm
  /** After the last change of a file until its export. S3 Files waits for a minute. */
  readonly quietMs: number
  /** Things that CloudFormation does with each look at a stack. */
  readonly turnsPerLook: number
}

/** An AWS on this machine whose stacks have files: what CloudFormation makes is served, by a real NFS server behind TLS, and from the one bucket. */
export interface RigAws extends AsyncDisposable {
  readonly vm: AttachedVm
  readonly cloud: LocalCloudFormation
  readonly host: LocalResourceHost
  readonly resources: RigResources
  /** S3 Files, S3, and the SDK's clients for them. */
  readonly aws: ConnectRig
  /** What the NFS server serves. */
  readonly exportDir: string
  readonly region: string
  /** Somebody who may do everything. */
  readonly key: AwsKey
  /** Where the SDK finds each service, and the command this machine's public address. Whatever is not played here is nowhere. */
  readonly endpoints: Readonly<Record<string, string>>
  /** Who has signed the mount target's certificate, once there is a mount target. */
  readonly caPath: string
}

const publicAddress = '203.0.113.7'
/** Nobody listens there: no request leaves for the real AWS. */
const nowhere = 'http://127.0.0.1:9'

/** @throws with the words of whatever did not start; nothing is left then. */
export async function startRigAws({ vm, quietMs, turnsPerLook }: RigAwsOptions): Promise<RigAws> {
  await using stack = new AsyncDisposableStack()
  await resetVm(vm)
  const temp = stack.use(await makeTempDir('rig-aws'))
  const exportDir = join(temp.dir, 'export')
  await mkdir(exportDir)
  const nfs = stack.use(await startGanesha({ dir: join(temp.dir, 'nfs'), exportDir }))

  const account = new AwsAccount()
  const key = account.addUser('you')
  const nowMs = (): number => Date.now()
  const urls: Record<string, string> = {}
  const aws = stack.use(await startConnectRig({ account, endpoints: urls }))
  const { region } = aws.target
  const host = createLocalResourceHost({
    s3Files: aws.control.state,
    buckets: aws.buckets,
    clock: systemClock,
    loadBalancerHost: 'localhost',
  })
  const caPath = join(temp.dir, 'mount-target-ca.pem')
  const served = { host: '127.0.0.1', port: nfs.port }
  const resources = stack.use(
    createRigResources({ host, aws, account, nfs: served, exportDir, caPath, quietMs }),
  )
  const { accountId } = account
  const cloud = new LocalCloudFormation({ host: resources, region, accountId, nowMs })
  const cloudFormation = stack.use(await startCloudFormation({ account, cloud, nowMs, turnsPerLook }))
  urls['cloudformation'] = cloudFormation.url
  const sts = stack.use(await startSts({ account, nowMs }))
  const checkIp = createServer((_request, response) => response.end(`${publicAddress}\n`))
  checkIp.listen(0, '127.0.0.1')
  await once(checkIp, 'listening')
  stack.defer(() => void checkIp.close())

  const owned = stack.move()
  return {
    vm,
    cloud,
    host,
    resources,
    aws,
    exportDir,
    region,
    key,
    caPath,
    endpoints: {
      AWS_ENDPOINT_URL: nowhere,
      AWS_ENDPOINT_URL_STS: sts.url,
      AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url,
      AWS_ENDPOINT_URL_S3FILES: aws.control.service.url,
      AWS_ENDPOINT_URL_S3: aws.s3.url,
      MOUNTBAR_PUBLIC_ADDRESS_URL: `http://127.0.0.1:${(checkIp.address() as AddressInfo).port}/`,
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** What there is in it, by what AWS would list: nothing after a stack was removed with its bucket. */
export function thingsIn({ aws, host, cloud }: RigAws): readonly string[] {
  const { fileSystems, mountTargets, accessPoints } = aws.control.state
  const { groups, rules } = host.securityGroups
  return [
    ...cloud.stacks.filter(({ status }) => status !== 'DELETE_COMPLETE').map(({ name }) => `stack ${name}`),
    ...[fileSystems, mountTargets, accessPoints, groups, rules].flatMap((all) => [...all.keys()]),
    ...[...host.others].map(([id, type]) => `${type} ${id}`),
    ...aws.buckets.map(({ name }) => `bucket ${name}`),
  ]
}
