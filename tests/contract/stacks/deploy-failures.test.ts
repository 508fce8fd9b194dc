import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { DeployRequest } from '../../../src-main/services/stacks/deploy/deploy-request.ts'
import { toAppError } from '../../../src-main/shared/errors.ts'
import { messageFor } from '../../../src-main/shared/messages.ts'
import {
  neverAborted,
  startStackRig,
  type StackRig,
  type StackRigOptions,
} from '../../harness/aws/stack-rig.ts'
import { Bucket } from '../../harness/s3files/bucket/bucket.ts'

let rig: StackRig

async function begin(options: StackRigOptions = {}): Promise<void> {
  await rig[Symbol.asyncDispose]()
  rig = await startStackRig(options)
}

beforeEach(async () => {
  rig = await startStackRig()
})
afterEach(() => rig[Symbol.asyncDispose]())

/** What a person reads when `work` fails. */
async function told(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  )
  const { title, text, fix } = messageFor(toAppError(error))
  return [title, text, fix].join('\n')
}

const handler = (message: string, code: string): string =>
  `Resource handler returned message: "${message} (Service: S3, Status Code: 409, Request ID: 0AB, Extended Request ID: xyz)" (RequestToken: 1d-2e, HandlerErrorCode: ${code})`

describe('a resource that fails is explained by its cause', () => {
  test.each([
    {
      cause: 'a quota',
      logicalId: 'Vpc',
      reason: handler('The maximum number of VPCs has been reached.', 'ServiceLimitExceeded'),
      says: [
        'A limit of your AWS account is reached',
        'AWS did not make the network: The maximum number of VPCs has been reached.',
        'Service Quotas',
      ],
    },
    {
      cause: 'a policy of the organization',
      logicalId: 'LoadBalancer',
      reason:
        'User: arn:aws:sts::1:assumed-role/Dev/ann is not authorized to perform: elasticloadbalancing:CreateLoadBalancer on resource: * with an explicit deny in a service control policy',
      says: [
        'Your organization forbids a part of the stack',
        'forbids elasticloadbalancing:CreateLoadBalancer for the load balancer',
        'Ask those who run the organization',
      ],
    },
    {
      cause: 'a missing permission',
      logicalId: 'ServiceRole',
      reason:
        'API: iam:CreateRole User: arn:aws:sts::1:assumed-role/Dev/ann is not authorized to perform: iam:CreateRole on resource: x because no identity-based policy allows the iam:CreateRole action',
      says: [
        'AWS did not permit a part of the stack',
        'may not do iam:CreateRole for the role of S3 Files',
        'docs/permissions.md',
      ],
    },
    {
      cause: 'a name that another has',
      logicalId: 'Bucket',
      reason: 'holiday-pictures already exists',
      says: ['The name is taken in AWS', '“holiday-pictures” is taken', 'use --bucket'],
    },
    {
      cause: 'a role that S3 Files cannot take',
      logicalId: 'FileSystem',
      reason: handler('S3 Files cannot assume the provided role.', 'InvalidRequest'),
      says: ['S3 Files cannot work with the bucket', 'cannot assume the provided role', 'key policy'],
    },
    {
      cause: 'anything else',
      logicalId: 'MountTarget',
      reason: handler('The subnet has no free address.', 'GeneralServiceException'),
      says: ['The stack was not made', 'AWS failed at the mount target: The subnet has no free address.'],
    },
  ])('$cause', async ({ logicalId, reason, says }) => {
    rig.cloud.failNext(logicalId, reason)
    const text = await told(rig.deploy())
    for (const part of says) expect(text).toContain(part)
    expect(text).not.toMatch(/RequestToken|Request ID/)
    expect(rig.progress.at(-1)).toMatchObject({ kind: 'taking-back', percent: 100 })
    expect(rig.aws.control.state.fileSystems.size).toBe(0)
  })
})

test('a change that fails is taken back, and the stack is as it was', async () => {
  const before = await rig.deploy()
  rig.cloud.failNext('AllowedCidrRule', 'The specified rule is broken')
  expect(await told(rig.deploy({ cidrs: ['203.0.113.9/32'] }))).toContain(
    'AWS failed at the rule for your address: The specified rule is broken.',
  )
  const after = await rig.deployments.find(rig.aws.target, before.name, neverAborted)
  expect(after).toMatchObject({ status: 'UPDATE_ROLLBACK_COMPLETE', parameters: before.parameters })
  expect(after.outputs).toEqual(before.outputs)
})

describe('a role that cannot do its work', () => {
  const fault = 'Access denied to bucket. Verify the permissions of the IAM role.'

  beforeEach(() => begin({ faultOfRole: () => fault }))

  test('is told while CloudFormation only waits, and when it gives up', async () => {
    rig.cloud.hold('FileSystem')
    const plan = await rig.plan()
    const deployed = told(
      rig.deployments.execute(
        plan,
        (progress) => {
          rig.progress.push(progress)
          if (progress.trouble === undefined) return
          rig.cloud.failNext('FileSystem', 'Exceeded attempts to wait')
          rig.cloud.release('FileSystem')
        },
        neverAborted,
      ),
    )
    const text = await deployed
    expect(rig.progress.some(({ trouble }) => trouble === fault)).toBe(true)
    expect(text).toContain(
      'stays in “creating”, because its role cannot do its work: Access denied to bucket.',
    )
    expect(text).toMatch(/“fs-[0-9a-f]+”/)
  })

  test('is told although what failed is only what needs the file system', async () => {
    const text = await told(rig.deploy())
    expect(text).toContain('S3 Files cannot work with the bucket')
    expect(text).toContain(fault.replace(/\.$/, ''))
    expect(rig.cloud.find('mountbar-photos').status).toBe('ROLLBACK_COMPLETE')
  })
})

describe('what is left of a failed making', () => {
  beforeEach(async () => {
    rig.cloud.failNext('Vpc', 'no')
    await told(rig.deploy())
  })

  test('is in the way, and says how to get rid of it', async () => {
    const text = await told(rig.plan())
    expect(text).toContain('What is left of a failed stack is in the way')
    expect(text).toContain('mountbar deploy --replace-failed --name mountbar-photos')
  })

  test('is removed when that is asked for, and then the stack comes up', async () => {
    await rig.deployments.removeFailed(rig.aws.target, 'mountbar-photos', () => undefined, neverAborted)
    await expect(rig.deploy()).resolves.toMatchObject({ status: 'CREATE_COMPLETE' })
  })
})

test('a stack that works is never removed as a failed one', async () => {
  await rig.deploy()
  await rig.deployments.removeFailed(rig.aws.target, 'mountbar-photos', () => undefined, neverAborted)
  expect(rig.cloud.find('mountbar-photos').status).toBe('CREATE_COMPLETE')
})

test('a plan is not executed over what somebody else has changed meanwhile', async () => {
  await rig.deploy()
  const plan = await rig.plan({ cidrs: ['203.0.113.9/32'] })
  await rig.deploy({ cidrs: ['203.0.113.10/32'] })
  const text = await told(rig.deployments.execute(plan, () => undefined, neverAborted))
  expect(text).toContain('The plan is out of date')
  expect(text).toContain('Deploy again: a new plan is made and shown.')
})

describe('before anything is planned', () => {
  const expectRefusal = async (
    choices: Partial<DeployRequest>,
    ...says: readonly string[]
  ): Promise<void> => {
    const text = await told(rig.plan(choices))
    for (const part of says) expect(text).toContain(part)
    expect(rig.cloud.stacks).toEqual([])
  }

  test('a region without S3 Files is named', async () => {
    await begin({ endpoints: { s3files: 'http://s3files.nowhere.invalid' } })
    await expectRefusal({}, 'AWS does not offer S3 Files in eu-central-1', 'Choose a region that has it')
  })

  test('the whole Internet is let in only by name', async () => {
    await expectRefusal({ cidrs: ['0.0.0.0/0'] }, 'Not open to everybody', '--open-to-the-internet')
    const { warnings } = await rig.plan({ cidrs: ['0.0.0.0/0'], openToTheInternet: true })
    expect(warnings).toEqual([{ kind: 'open', cidr: '0.0.0.0/0' }])
  })

  test.each<[string, Partial<DeployRequest>, string]>([
    [
      'a range that is none',
      { cidrs: ['10.0.0'] },
      'The address range has to be an IPv4 range of 8 to 32 bits.',
    ],
    [
      'half the Internet',
      { cidrs: ['0.0.0.0/1'] },
      'The address range has to be an IPv4 range of 8 to 32 bits.',
    ],
    ['four ranges', { cidrs: ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4'] }, 'three at most'],
    ['a range with ssm', { wayIn: 'ssm', cidrs: ['1.1.1.1'] }, 'left out with ssm'],
    ['no range with private', { wayIn: 'private' }, 'The address range has to be'],
    [
      'a bucket name with capitals',
      { newBucket: 'Photos' },
      'The name of the new bucket has to be a bucket name',
    ],
    ['a name with a space', { name: 'my photos' }, 'The name has to be letters, digits and hyphens'],
    ['a parameter nobody knows', { more: { Colour: 'red' } }, 'Colour has to be left out with nlb.'],
    ['a number out of range', { more: { ExpireAfterDays: '400' } }, 'a number from 1 to 365'],
  ])('%s is refused in words', async (_what, choices, says) => {
    await expectRefusal(choices, says)
  })

  const addBucket = (change: (bucket: Bucket) => void): void => {
    const bucket = new Bucket('holiday', rig.clock)
    change(bucket)
    rig.aws.buckets.push(bucket)
  }

  test.each<[string, (bucket: Bucket) => void, string, string]>([
    [
      'in another region',
      (bucket) => void (bucket.region = 'us-west-2'),
      'The bucket “holiday” is in us-west-2, and the stack would be in eu-central-1.',
      '--region us-west-2',
    ],
    [
      'without versions',
      (bucket) => void (bucket.versioning = 'Suspended'),
      'S3 Files needs a bucket that keeps versions; “holiday” does not.',
      'put-bucket-versioning --bucket holiday',
    ],
    [
      'with an encryption S3 Files does not know',
      (bucket) => void (bucket.encryption = { algorithm: 'aws:kms:dsse' }),
      'is encrypted with aws:kms:dsse that S3 Files does not know',
      'SSE-S3 or SSE-KMS',
    ],
  ])('a bucket %s is refused, with the way out', async (_what, change, ...says) => {
    addBucket(change)
    await expectRefusal({ existingBucket: 'holiday' }, ...says)
  })

  test('a bucket that does not exist is named', async () => {
    await expectRefusal({ existingBucket: 'holidya' }, 'There is no bucket “holidya”.', 'a new one is made')
  })

  test('the permission that is missing is named', async () => {
    await begin({ denied: new Set(['CreateChangeSet']) })
    await expectRefusal({}, 'does not have the permission “cloudformation:CreateChangeSet”')
  })

  test('what CloudFormation itself has against it is passed on', async () => {
    const network = { vpcId: 'vpc-0123abcd', subnetId: 'subnet-0123abcd', mountTargetAddress: '10.82.77.20' }
    await expectRefusal(
      { network },
      'AWS cannot plan this',
      'With a subnet of your own, MountTargetIpv4Address must be a free address in it.',
    )
  })
})
