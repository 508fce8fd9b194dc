import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { openConnections } from '../../../src-main/composition/stacks/open-connections.ts'
import { systemClock } from '../../../src-main/lib/clock.ts'
import { silentLogger } from '../../../src-main/lib/logger.ts'
import type { S3FilesDrive } from '../../../src-main/services/drives/drive.ts'
import { fileSystemOfStack } from '../../../src-main/services/stacks/connect/file-system-of-stack.ts'
import { ownBucketOf } from '../../../src-main/services/stacks/destroy/own-bucket.ts'
import { anS3FilesDrive } from '../../fakes/fake-drive-list.ts'
import { HurryingClock } from '../../fakes/hurrying-clock.ts'
import { deployedName, deployStack, type DeployedStack } from '../../harness/aws/deployed-stack.ts'
import { keyLines, startLocalAws, type LocalAws } from '../../harness/aws/local-aws.ts'
import { startSimulatedTarget } from '../../harness/s3files/start-mount-target.ts'

const signal = new AbortController().signal
const host = '127.0.0.79'
const target = { profile: 'default', region: 'eu-central-1' }

let resources: AsyncDisposableStack
let aws: LocalAws
let stack: DeployedStack
let connections: ReturnType<typeof openConnections>
let drive: S3FilesDrive
let address: string

beforeEach(async () => {
  resources = new AsyncDisposableStack()
  aws = resources.use(await startLocalAws({ clock: systemClock }))
  await aws.writeCredentials(`[default]\n${keyLines(aws.account.addUser('ann'))}`)
  await aws.writeConfig('[default]\nregion = eu-central-1\n')
  stack = resources.use(
    await deployStack({
      wayIn: 'nlb',
      parameters: { AllowedCidr: '203.0.113.7/32' },
      account: aws.account,
      loadBalancerHost: host,
    }),
  )
  address = '203.0.113.7'
  const checkIp = createServer((_request, response) => response.end(address)).listen(0, '127.0.0.1')
  await once(checkIp, 'listening')
  resources.defer(() => void checkIp.close())
  const at = checkIp.address()
  const url = `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}/`

  connections = resources.use(
    openConnections({
      machine: {
        env: {
          AWS_ENDPOINT_URL_STS: aws.sts.url,
          AWS_ENDPOINT_URL_S3FILES: stack.rig.control.service.url,
          AWS_ENDPOINT_URL_S3: stack.rig.s3.url,
          AWS_ENDPOINT_URL_CLOUDFORMATION: stack.cloudService.url,
          // Nobody tells how much is pending.
          AWS_ENDPOINT_URL_CLOUDWATCH: 'http://127.0.0.1:9',
          MOUNTBAR_PUBLIC_ADDRESS_URL: url,
        },
        homeDir: aws.homeDir,
        programUrl: import.meta.url,
      },
      dirs: { stateDir: join(aws.homeDir, 'state') },
      clock: new HurryingClock(),
      log: silentLogger,
    }),
  )
  const view = await connections.stacks.deployments.find(target, deployedName, signal)
  const fileSystem = fileSystemOfStack(view)
  const { fileSystemId } = fileSystem
  const simulated = resources.use(
    await startSimulatedTarget({ fileSystemId, host, port: 2049, nfs: { host: '127.0.0.1', port: 9 } }),
  )
  const caPath = join(aws.homeDir, 'ca.pem')
  await writeFile(caPath, simulated.caPem)
  drive = anS3FilesDrive({ name: 'Photos', fileSystem: { ...fileSystem, caPath } })
})
afterEach(() => resources.disposeAsync())

const failures = async (): Promise<unknown[]> =>
  (await connections.check(drive, signal)).flatMap(({ passed, error }) => (passed ? [] : [error?.code]))

test('a drive of a stack is checked, let in from another address, and its stack and bucket taken away', async () => {
  expect(await failures()).toEqual([])

  address = '198.51.100.9'
  expect(await failures()).toEqual(['address-not-allowed'])
  expect(await connections.letIn(drive, signal)).toEqual({
    kind: 'replace',
    from: '203.0.113.7/32',
    to: '198.51.100.9/32',
  })
  expect(await failures()).toEqual([])

  const view = await connections.stacks.deployments.find(target, deployedName, signal)
  const bucket = ownBucketOf(view) ?? ''
  stack.rig.buckets.find(({ name }) => name === bucket)!.put('a.jpg', Buffer.from('a'))
  const leftovers = await connections.destroy(view, () => undefined, signal)
  expect(leftovers.map(({ logicalId }) => logicalId)).toContain('Bucket')
  await expect(connections.stacks.deployments.find(target, deployedName, signal)).rejects.toMatchObject({
    code: 'stack-unknown',
  })
  expect(await failures()).toContain('file-system-missing')

  // As after a cut between the two.
  expect(await connections.wasMadeBy(bucket, deployedName, target, signal)).toBe(true)
  await connections.deleteBucket(bucket, target, () => undefined, signal)
  expect(stack.rig.buckets).toEqual([])
})

test('a drive of no stack of ours is let in by nobody', async () => {
  stack.rig.control.state.createFileSystem({ bucket: 'arn:aws:s3:::x', roleArn: 'arn:aws:iam::1:role/x' })
  drive = anS3FilesDrive({
    name: 'Photos',
    fileSystem: { ...drive.fileSystem, fileSystemId: 'fs-00000000000000099' },
  })
  await expect(connections.letIn(drive, signal)).rejects.toMatchObject({
    code: 'access-not-changeable',
    args: { name: 'Photos' },
  })
})
