import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { templateFileName, type WayIn } from '../../../infra/api/way-in.ts'
import { openStackApi, type StackApi } from '../../../src-main/services/stacks/aws/stack-api.ts'
import type { StackView } from '../../../src-main/services/stacks/stack.ts'
import { HurryingClock } from '../../fakes/hurrying-clock.ts'
import { repoDir } from '../../unit/docs/markdown.ts'
import { AwsAccount } from './account.ts'
import { startCloudFormation } from './cloudformation-service.ts'
import { LocalCloudFormation } from './cloudformation.ts'
import { startConnectRig, type ConnectRig } from './connect-rig.ts'
import type { ResourceHost } from './resource-host.ts'
import { createLocalResourceHost, type LocalResourceHost } from './resources/local-resource-host.ts'
import type { AwsService } from './service.ts'

export interface DeployedStackOptions {
  readonly wayIn: WayIn
  readonly parameters?: Readonly<Record<string, string>>
  /** Where the load balancer is said to be reached. */
  readonly loadBalancerHost?: string
  /** Things that happen with each look at a stack; many, where somebody waits in real time. */
  readonly turnsPerLook?: number
  /** Whose keys are believed. */
  readonly account?: AwsAccount
}

/** A stack made from our own template by the local CloudFormation, with its file system in the local S3 Files and its bucket in the local S3. */
export interface DeployedStack extends AsyncDisposable {
  readonly rig: ConnectRig
  readonly cloud: LocalCloudFormation
  readonly cloudService: AwsService
  readonly host: LocalResourceHost
  readonly api: StackApi
  readonly clock: HurryingClock
  /** The stack as it is now. */
  view(): Promise<StackView>
}

export const deployedName = 'mountbar-photos'

export async function deployStack({
  wayIn,
  parameters = {},
  account = new AwsAccount(),
  turnsPerLook = 5,
  ...reached
}: DeployedStackOptions): Promise<DeployedStack> {
  const region = 'eu-central-1'
  const nowMs = (): number => Date.now()
  const clock = new HurryingClock()
  await using resources = new AsyncDisposableStack()
  // Endpoints are asked for with each call, so that CloudFormation may come after what it makes things in.
  const endpoints: Record<string, string> = {}
  const rig = resources.use(await startConnectRig({ account, region, clock, endpoints }))
  const host = createLocalResourceHost({
    s3Files: rig.control.state,
    buckets: rig.buckets,
    clock,
    ...reached,
  })
  const cloud = new LocalCloudFormation({
    host: settling(host, rig),
    region,
    accountId: account.accountId,
    nowMs,
  })
  const cloudService = resources.use(await startCloudFormation({ account, cloud, nowMs, turnsPerLook }))
  endpoints['cloudformation'] = cloudService.url

  const templateBody = await readFile(join(repoDir, 'resources', templateFileName(wayIn)), 'utf8')
  const { changeSet } = cloud.createChangeSet({
    stackName: deployedName,
    changeSetName: 'first',
    type: 'CREATE',
    templateBody,
    parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })),
    capabilities: ['CAPABILITY_IAM'],
    tags: [{ Key: 'mountbar:way-in', Value: wayIn }],
  })
  cloud.execute(changeSet.id, randomUUID())
  await cloud.settle()

  const api = openStackApi(rig.clients, rig.target)
  const owned = resources.move()
  return {
    rig,
    cloud,
    cloudService,
    host,
    api,
    clock,
    view: async () => {
      const view = (await api.find(deployedName, new AbortController().signal))?.view
      if (view === undefined) throw new Error('the stack is gone')
      return view
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Nobody asks S3 Files while CloudFormation makes things in it, so that time has to pass by itself. */
function settling(host: ResourceHost, { control }: ConnectRig): ResourceHost {
  const { state } = control
  return {
    create: (wanted) => {
      state.settle()
      return host.create(wanted)
    },
    update: (wanted, made) => {
      state.settle()
      return host.update(wanted, made)
    },
    remove: (type, physicalId) => {
      state.settle()
      return host.remove(type, physicalId)
    },
  }
}
