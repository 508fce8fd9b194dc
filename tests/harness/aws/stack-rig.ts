import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { templateFileName } from '../../../infra/api/way-in.ts'
import { createDeployments, type Deployments } from '../../../src-main/services/stacks/deploy/deployments.ts'
import type { Stacks } from '../../../src-main/composition/stacks/open-stacks.ts'
import type { DeployPlan } from '../../../src-main/services/stacks/deploy/deploy-plan.ts'
import type { DeployRequest } from '../../../src-main/services/stacks/deploy/deploy-request.ts'
import type { StackView, WayIn } from '../../../src-main/services/stacks/stack.ts'
import type { OperationProgress } from '../../../src-main/services/stacks/watch/operation.ts'
import { HurryingClock } from '../../fakes/hurrying-clock.ts'
import { AwsAccount } from './account.ts'
import { LocalCloudFormation } from './cloudformation.ts'
import { startCloudFormation } from './cloudformation-service.ts'
import { startConnectRig, type ConnectRig, type ConnectRigOptions } from './connect-rig.ts'
import { createLocalResourceHost, type LocalResourceHost } from './resources/local-resource-host.ts'
import type { AwsService } from './service.ts'

const repoDir = join(import.meta.dirname, '../../..')

/** All of an AWS that stacks have to do with, on this machine, and the service that deploys them with the real SDK. */
export interface StackRig extends AsyncDisposable {
  readonly cloud: LocalCloudFormation
  readonly cloudFormation: AwsService
  readonly host: LocalResourceHost
  readonly aws: ConnectRig
  readonly deployments: Deployments
  /** The same, as commands get it. */
  readonly stacks: Stacks
  readonly clock: HurryingClock
  /** The same service after a restart of the program: it knows nothing. */
  restarted(): Deployments
  request(choices?: Partial<DeployRequest>): DeployRequest
  /** Fails the test where there is nothing to do. */
  plan(choices?: Partial<DeployRequest>): Promise<DeployPlan>
  /** Plans and executes. */
  deploy(choices?: Partial<DeployRequest>): Promise<StackView>
  /** What was told on the way, of everything that was executed or watched. */
  readonly progress: OperationProgress[]
}

export interface StackRigOptions extends ConnectRigOptions {
  /** What happens by itself each time that somebody looks. */
  readonly turnsPerLook?: number
  readonly denied?: ReadonlySet<string>
  readonly ownAddress?: string
}

export const neverAborted: AbortSignal = new AbortController().signal

export async function startStackRig({
  turnsPerLook = 4,
  denied,
  ownAddress = '198.51.100.7',
  ...options
}: StackRigOptions = {}): Promise<StackRig> {
  const account = new AwsAccount()
  const region = 'eu-central-1'
  const clock = new HurryingClock()
  const nowMs = (): number => Date.now()
  await using resources = new AsyncDisposableStack()
  // The host needs what S3 Files knows, and the clients need to know where CloudFormation is.
  const late: { host?: LocalResourceHost } = {}
  const cloud = new LocalCloudFormation({
    host: {
      create: (wanted) => late.host!.create(wanted),
      update: (wanted, made) => late.host!.update(wanted, made),
      remove: (type, physicalId) => late.host!.remove(type, physicalId),
    },
    region,
    accountId: account.accountId,
    nowMs,
  })
  const cloudFormation = resources.use(
    await startCloudFormation({ account, cloud, nowMs, turnsPerLook, ...(denied && { denied }) }),
  )
  const aws = resources.use(
    await startConnectRig({
      ...options,
      account,
      region,
      endpoints: { cloudformation: cloudFormation.url, ...options.endpoints },
    }),
  )
  const localHost = createLocalResourceHost({ s3Files: aws.control.state, buckets: aws.buckets, clock })
  late.host = localHost
  const publicAddress = (): Promise<string> => Promise.resolve(ownAddress)
  let tokens = 0
  const progress: OperationProgress[] = []
  const make = (): Deployments =>
    createDeployments({
      aws: aws.aws,
      clients: aws.clients,
      templateOf: (wayIn: WayIn) => readFile(join(repoDir, 'resources', templateFileName(wayIn)), 'utf8'),
      publicAddress,
      newToken: () => `token-${(tokens += 1)}`,
      clock,
    })
  const deployments = make()
  const request = (choices: Partial<DeployRequest> = {}): DeployRequest => ({
    target: aws.target,
    name: 'mountbar-photos',
    ...choices,
  })
  const plan = async (choices?: Partial<DeployRequest>): Promise<DeployPlan> => {
    const planned = await deployments.plan(request(choices), { onStep: () => undefined }, neverAborted)
    if (planned.kind !== 'plan') throw new Error('there was nothing to change')
    return planned.plan
  }
  const owned = resources.move()
  return {
    cloud,
    cloudFormation,
    host: localHost,
    aws,
    deployments,
    stacks: {
      deployments,
      aws: aws.aws,
      clients: aws.clients,
      publicAddress,
      targetOf: ({ profile = aws.target.profile, region: chosen = region }) =>
        Promise.resolve({ profile, region: chosen }),
    },
    clock,
    restarted: make,
    request,
    plan,
    deploy: async (choices) =>
      deployments.execute(await plan(choices), (one) => progress.push(one), neverAborted),
    progress,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
