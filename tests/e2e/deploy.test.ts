import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { keyLines } from '../harness/aws/local-aws.ts'
import { startSts } from '../harness/aws/sts.ts'
import { startStackRig, type StackRig } from '../harness/aws/stack-rig.ts'
import type { AwsService } from '../harness/aws/service.ts'
import { makeCommandHome, type CommandHome } from '../harness/command-home.ts'
import { waitFor } from '../harness/wait-for.ts'

let rig: StackRig
let sts: AwsService
let checkIp: Server
let home: CommandHome

beforeEach(async () => {
  rig = await startStackRig({ turnsPerLook: 40 })
  const { account } = rig.aws
  sts = await startSts({ account, nowMs: () => Date.now() })
  checkIp = createServer((_request, response) => void response.end('198.51.100.23\n'))
  await new Promise<void>((resolve) => checkIp.listen(0, '127.0.0.1', resolve))
  home = await makeCommandHome()
  await mkdir(join(home.dir, '.aws'))
  await writeFile(join(home.dir, '.aws/config'), '[default]\nregion = eu-central-1\n')
  await writeFile(join(home.dir, '.aws/credentials'), `[default]\n${keyLines(account.addUser('deployer'))}`)
  vi.stubEnv('HOME', home.dir)
  for (const name of ['AWS_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ACCESS_KEY_ID'])
    vi.stubEnv(name, undefined)
  vi.stubEnv('AWS_ENDPOINT_URL_STS', sts.url)
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', rig.cloudFormation.url)
  vi.stubEnv('AWS_ENDPOINT_URL_S3FILES', rig.aws.control.service.url)
  vi.stubEnv('AWS_ENDPOINT_URL_S3', rig.aws.s3.url)
  vi.stubEnv('MOUNTBAR_PUBLIC_ADDRESS_URL', `http://127.0.0.1:${(checkIp.address() as AddressInfo).port}/`)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  expect(await home.cleanUp()).toEqual([])
  checkIp.close()
  await sts[Symbol.asyncDispose]()
  await rig[Symbol.asyncDispose]()
})

test('a stack is planned, made, listed, changed and found unchanged by the built command', async () => {
  const dry = await home.run('deploy', '--dry-run', '--name', 'mountbar-photos')
  expect(dry).toMatchObject({ status: 0 })
  expect(dry.stdout).toMatch(/^Lets in +198\.51\.100\.23\/32$/m)
  expect(dry.stdout).toContain('Nothing was done.')

  const made = await home.run('deploy', '--yes', '--name', 'mountbar-photos')
  expect(made.stderr).toContain('Making  100 %')
  expect(made.stdout).toContain('mountbar-photos in eu-central-1: ready')
  expect(made.status).toBe(0)

  expect((await home.run('stacks')).stdout).toMatch(
    /^mountbar-photos +eu-central-1 +nlb +\S+ +fs-\S+ +ready$/m,
  )

  const changed = await home.run('deploy', '--yes', '--name', 'mountbar-photos', '--cidr', '203.0.113.9')
  expect(changed.stdout).toMatch(
    /! replace +the rule for your address +AWS::EC2::SecurityGroupIngress +CidrIp/,
  )
  expect(changed.status).toBe(0)
  const again = await home.run('deploy', '--yes', '--name', 'mountbar-photos')
  expect(again.stdout).toContain('Nothing to change.')
})

test('a command that is killed leaves AWS at work, and the next one watches to the end', async () => {
  const isUnderWay = /^Making.*the mount target/m
  rig.cloud.hold('MountTarget')
  const first = home.start('deploy', '--yes')
  await waitFor(() => isUnderWay.test(first.output()), { what: 'the mount target to be begun' })
  first.child.kill('SIGKILL')
  await first.finished
  const watching = home.start('deploy', '--watch')
  await waitFor(() => isUnderWay.test(watching.output()), { what: 'the second command to watch' })
  rig.cloud.release('MountTarget')
  const { status, stdout } = await watching.finished
  expect(stdout).toContain('mountbar in eu-central-1: ready')
  expect(status).toBe(0)
})

test('a failure is told in words, with no stack of ours', async () => {
  rig.cloud.failNext('Vpc', 'The maximum number of VPCs has been reached.')
  const failed = await home.run('deploy', '--yes')
  expect(failed.status).toBe(1)
  expect(failed.stderr).toContain('A limit of your AWS account is reached')
  expect(failed.stderr).toContain(
    'AWS did not make the network: The maximum number of VPCs has been reached.',
  )
  expect(failed.stderr).not.toMatch(/ {4}at /)
})
