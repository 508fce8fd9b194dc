import { once } from 'node:events'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { systemClock } from '../../src-main/lib/clock.ts'
import { deployedName, deployStack, type DeployedStack } from '../harness/aws/deployed-stack.ts'
import { AwsAccount } from '../harness/aws/account.ts'
import { keyLines } from '../harness/aws/local-aws.ts'
import { startSts } from '../harness/aws/sts.ts'
import { makeCommandHome, type CommandHome } from '../harness/command-home.ts'
import { startSimulatedTarget } from '../harness/s3files/start-mount-target.ts'

const host = '127.0.0.81'

let resources: AsyncDisposableStack
let home: CommandHome
let stack: DeployedStack
let fileSystemId: string
let bucket: string
let address: string

beforeEach(async () => {
  resources = new AsyncDisposableStack()
  const account = new AwsAccount()
  const sts = resources.use(await startSts({ account, nowMs: () => systemClock.now() }))
  stack = resources.use(
    await deployStack({
      wayIn: 'nlb',
      parameters: { AllowedCidr: '203.0.113.7/32' },
      account,
      loadBalancerHost: host,
      turnsPerLook: 200,
    }),
  )
  const { outputs } = await stack.view()
  fileSystemId = outputs?.fileSystemId ?? ''
  bucket = outputs?.bucketName ?? ''
  const nfs = { host: '127.0.0.1', port: 9 }
  resources.use(await startSimulatedTarget({ fileSystemId, host, port: 2049, nfs }))
  address = '203.0.113.7'
  const checkIp = createServer((_request, response) => response.end(address)).listen(0, '127.0.0.1')
  await once(checkIp, 'listening')
  resources.defer(() => void checkIp.close())
  const at = checkIp.address()

  home = await makeCommandHome()
  await mkdir(join(home.dir, '.aws'))
  await writeFile(join(home.dir, '.aws/config'), '[default]\nregion = eu-central-1\n')
  const credentialsPath = join(home.dir, '.aws/credentials')
  await writeFile(credentialsPath, `[default]\n${keyLines(account.addUser('ann'))}`)
  await chmod(credentialsPath, 0o600)
  vi.stubEnv('HOME', home.dir)
  vi.stubEnv('AWS_PROFILE', '')
  vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url)
  vi.stubEnv('AWS_ENDPOINT_URL_S3FILES', stack.rig.control.service.url)
  vi.stubEnv('AWS_ENDPOINT_URL_S3', stack.rig.s3.url)
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', stack.cloudService.url)
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDWATCH', 'http://127.0.0.1:9')
  vi.stubEnv(
    'MOUNTBAR_PUBLIC_ADDRESS_URL',
    `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}/`,
  )
})
afterEach(async () => {
  expect(await home.cleanUp()).toEqual([])
  await resources.disposeAsync()
  vi.unstubAllEnvs()
})

test('a stack is looked at before it is mounted, checked, opened to another address, and removed with its bucket', async () => {
  // The simulated mount target is not Amazon's, and without --ca nobody else may have signed.
  const mount = await home.run('mount', '--stack', deployedName)
  expect(mount).toMatchObject({ status: 1, stdout: '' })
  expect(mount.stderr).toContain('✗ The server’s certificate')
  expect(mount.stderr).toContain('its certificate is not Amazon’s')

  address = '198.51.100.9'
  const before = await home.run('check', deployedName)
  expect(before.status).toBe(1)
  expect(before.stdout).toContain(`✓ File system ${fileSystemId}, on the bucket ${bucket}`)
  expect(before.stdout).toContain(
    `✗ Your public address\n    Your public address is 198.51.100.9 now, and the load balancer of the stack ${deployedName} lets in 203.0.113.7/32 only.`,
  )
  const after = await home.run('check', deployedName, '--update-access')
  expect(after.stderr).toContain('198.51.100.9/32 is let in now, in place of 203.0.113.7/32.')
  expect(after.stdout).toContain('✓ Your public address 198.51.100.9 is let in')

  stack.rig.buckets[0]!.put('a.jpg', Buffer.from('a'))
  expect(await home.run('destroy', deployedName)).toMatchObject({ status: 2 })
  const destroy = await home.run('destroy', deployedName, '--yes', '--delete-bucket', bucket)
  expect(destroy).toMatchObject({ status: 0 })
  expect(destroy.stdout.trimEnd().split('\n')).toEqual([
    `The stack ${deployedName} is removed.`,
    `The bucket ${bucket} is deleted.`,
    `The drive ${deployedName} has nothing to show any more: mountbar forget ${deployedName}`,
  ])
  expect(stack.rig.buckets).toEqual([])
  expect(stack.rig.control.state.fileSystems.size).toBe(0)
})
