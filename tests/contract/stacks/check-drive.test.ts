import { createServer } from 'node:net'
import { once } from 'node:events'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { systemClock } from '../../../src-main/lib/clock.ts'
import { checkDrive, type DriveCheckResult } from '../../../src-main/services/stacks/check/check-drive.ts'
import type { CheckedDrive, OpenRoute } from '../../../src-main/services/stacks/check/drive-facts.ts'
import type { StackView } from '../../../src-main/services/stacks/stack.ts'
import { AppError } from '../../../src-main/shared/errors.ts'
import { startConnectRig, type ConnectRig } from '../../harness/aws/connect-rig.ts'
import { exampleStack } from '../../harness/aws/example-stack.ts'
import type { AccessPointRecord, FileSystemRecord } from '../../harness/aws/s3files-control/records.ts'
import { Bucket } from '../../harness/s3files/bucket/bucket.ts'
import { startSimulatedTarget, type SimulatedTarget } from '../../harness/s3files/start-mount-target.ts'

const signal = new AbortController().signal

let rig: ConnectRig
let mountTarget: SimulatedTarget
let denied: string[]
let stacks: StackView[]
let publicAddress: string
let fileSystem: FileSystemRecord
let accessPoint: AccessPointRecord
let bucket: Bucket
/** Of a session, where a test has one. */
let route: (() => Promise<OpenRoute>) | undefined

beforeEach(async () => {
  denied = []
  stacks = []
  route = undefined
  publicAddress = '203.0.113.7'
  rig = await startConnectRig({ isDenied: (action) => denied.includes(action) })
  const { state } = rig.control
  bucket = new Bucket('photos', systemClock)
  rig.buckets.push(bucket)
  fileSystem = state.createFileSystem({ bucket: 'arn:aws:s3:::photos', roleArn: 'arn:aws:iam::1:role/x' })
  const { fileSystemId } = fileSystem
  state.createMountTarget({ fileSystemId, subnetId: 'subnet-1' })
  accessPoint = state.createAccessPoint({
    fileSystemId,
    posixUser: { uid: 0, gid: 0 },
    rootDirectory: { path: '/' },
  })
  mountTarget = await startSimulatedTarget({ fileSystemId, nfs: { host: '127.0.0.1', port: 9 } })
})
afterEach(async () => {
  await mountTarget[Symbol.asyncDispose]()
  await rig[Symbol.asyncDispose]()
})

async function check(change: Partial<CheckedDrive> = {}): Promise<readonly DriveCheckResult[]> {
  const drive: CheckedDrive = {
    name: 'Photos',
    fileSystemId: fileSystem.fileSystemId,
    region: 'eu-central-1',
    profile: 'default',
    accessPointId: accessPoint.accessPointId,
    server: { host: mountTarget.host, port: mountTarget.port },
    readOnly: false,
    tlsName: mountTarget.tlsName,
    caPem: mountTarget.caPem,
    ...change,
  }
  const directly = (): Promise<OpenRoute> =>
    Promise.resolve({ ...drive.server, [Symbol.asyncDispose]: () => Promise.resolve() })
  const parts = {
    s3Files: rig.s3Files,
    clients: rig.clients,
    stacks: { list: () => Promise.resolve(stacks) },
    whoIs: () => Promise.resolve({ arn: 'arn:aws:sts::111122223333:assumed-role/Photos/ann' }),
    openRoute: route ?? directly,
    publicAddress: () => Promise.resolve(publicAddress),
    clock: systemClock,
  }
  return await checkDrive(drive, parts, signal)
}

/** What a reader sees of a check that did not pass; the others as marks. */
function told(results: readonly DriveCheckResult[]): Record<string, string> {
  return Object.fromEntries(
    results.map(({ id, passed, untried, description, fixes }) => [
      id,
      untried ? '–' : passed ? '✓' : [description, ...fixes.map((fix) => `→ ${fix}`)].join(' '),
    ]),
  )
}

function failures(results: readonly DriveCheckResult[]): Record<string, string> {
  return Object.fromEntries(Object.entries(told(results)).filter(([, text]) => text.length > 1))
}

const allGood = {
  identity: '✓',
  'file-system': '✓',
  'mount-target': '✓',
  'access-point': '✓',
  'access-point-writable': '✓',
  'bucket-versioned': '✓',
  'port-reachable': '✓',
  'tls-name': '✓',
}

test('a drive that has all it needs passes every check, and each says what it found', async () => {
  const results = await check()
  expect(told(results)).toEqual(allGood)
  expect(results.map(({ title, description }) => `${title}: ${description}`)).toEqual([
    'AWS identity: arn:aws:sts::111122223333:assumed-role/Photos/ann (whether it may mount, only mounting shows)',
    `File system: ${fileSystem.fileSystemId}, on the bucket photos`,
    'Mount target: 10.82.77.20 in euc1-az1',
    `Access point: ${accessPoint.accessPointId}, as user 0`,
    'Saving through the access point: as user 0, who may',
    'Versions of the bucket: photos keeps them',
    `The way there: 127.0.0.1, port ${mountTarget.port}`,
    `The server’s certificate: made out to ${mountTarget.tlsName}`,
  ])
})

describe('AWS’s side', () => {
  test('a file system that is not there is told once, not by every check that would need it', async () => {
    const results = await check({ fileSystemId: 'fs-00000000000000099' })
    expect(failures(results)).toEqual({
      'file-system':
        'There is no file system “fs-00000000000000099” in eu-central-1, for this AWS account. → Check id, region and profile. If its stack was removed, so was the file system.',
    })
    expect(results.find(({ id }) => id === 'mount-target')).toMatchObject({
      untried: true,
      description: 'cannot be asked: see File system',
    })
  })

  test('a file system that is stuck says why, in AWS’s words', async () => {
    rig.control.state.setLife(fileSystem, 'creating', 'The role cannot be assumed.')
    expect(failures(await check())).toEqual({
      'file-system': `The file system “${fileSystem.fileSystemId}” is creating: The role cannot be assumed. → Wait some minutes. If a reason is given, its role cannot do its work: correct the role, then make the file system anew.`,
    })
  })

  test('a mount target that is missing or not ready yet is told apart', async () => {
    const [one] = rig.control.state.mountTargetsOf(fileSystem.fileSystemId)
    rig.control.state.setLife(one!, 'creating')
    expect(failures(await check())['mount-target']).toBe(
      `The mount target of “${fileSystem.fileSystemId}” is creating. → A new one takes up to five minutes. Wait, then try again.`,
    )
    rig.control.state.deleteMountTarget(one!.mountTargetId)
    expect(failures(await check())['mount-target']).toBe(
      `The file system “${fileSystem.fileSystemId}” has no mount target, so nobody can connect to it. → Create one in the subnet that your way in leads to, or deploy a stack, which makes one.`,
    )
  })

  test('an access point that was replaced is named, and how to go on', async () => {
    const found = failures(await check({ accessPointId: 'fsap-00000000000000099' }))
    expect(found['access-point']).toMatch(
      /^There is no access point “fsap-00000000000000099” of the file system “fs-.*”\. → Choose another one\..*forget the drive and add it again\.$/,
    )
  })

  test('a policy that wants another access point names it', async () => {
    fileSystem.policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: ['s3files:ClientMount', 's3files:ClientWrite'],
          Condition: { StringNotEquals: { 's3files:AccessPointArn': accessPoint.accessPointArn } },
        },
      ],
    })
    expect(told(await check())).toEqual(allGood)
    expect(failures(await check({ accessPointId: undefined }))).toEqual({
      'access-point': `The policy of the file system “${fileSystem.fileSystemId}” refuses everybody who does not come through the access point ${accessPoint.accessPointId}. → Forget the drive and add it with --access-point, or ask who manages the file system.`,
    })
  })

  test('an access point whose user may not write in its folder is a failure, but not of a read-only drive', async () => {
    const { fileSystemId } = fileSystem
    const { accessPointId } = rig.control.state.createAccessPoint({
      fileSystemId,
      posixUser: { uid: 1000, gid: 1000 },
    })
    expect(failures(await check({ accessPointId }))).toEqual({
      'access-point-writable': `The access point “${accessPointId}” acts as the user 1000, who may not write in “/”. → What other programs put into the bucket belongs to user 0. Use an access point with user 0, or one with a folder that is made for its user; or mount the drive with --read-only.`,
    })
    expect(failures(await check({ accessPointId, readOnly: true }))).toEqual({})
  })

  test('a bucket without versions, and one that is gone', async () => {
    bucket.versioning = 'Suspended'
    expect(failures(await check())['bucket-versioned']).toContain('keep')
    rig.buckets.pop()
    expect(failures(await check())['bucket-versioned']).toMatch(/^There is no bucket “photos”\./)
  })

  test('what may not be seen of it is no failure where a mount does not need it', async () => {
    denied = ['s3files:GetFileSystemPolicy']
    expect(told(await check())).toEqual(allGood)
  })

  test('a permission that is missing is named, once', async () => {
    denied = ['s3files:GetFileSystem']
    expect(failures(await check())).toEqual({
      'file-system':
        'The AWS profile default does not have the permission “s3files:GetFileSystem”. → Ask your administrator for it, or choose another profile.',
    })
  })
})

describe('the way there', () => {
  test('a port that nobody listens on', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    server.close()
    await once(server, 'close')
    expect(failures(await check({ server: { host: '127.0.0.1', port } }))).toEqual({
      'port-reachable': `“127.0.0.1” refuses connections on port ${port}. → Check the address of the drive, and that its load balancer or forwarded port is there.`,
    })
  })

  test('a name that is not known', async () => {
    const found = failures(await check({ server: { host: 'nlb.invalid', port: 2049 } }))
    expect(found).toEqual({
      'port-reachable':
        'The name “nlb.invalid” cannot be resolved. → Check the internet connection, the VPN and the address of the drive: its load balancer may have been deleted.',
    })
  })

  test('another server’s certificate, and one that Amazon did not sign', async () => {
    mountTarget.present('wrong-name')
    expect(failures(await check())).toEqual({
      'tls-name': `The certificate of “127.0.0.1” is made out to another name than ${mountTarget.tlsName}. → Check file system, region and address of the drive: they do not belong together.`,
    })
    mountTarget.present('untrusted')
    expect(failures(await check())['tls-name']).toMatch(
      /^Something between this machine and AWS replaces the secure connection to “127\.0\.0\.1”/,
    )
  })

  test('without a certificate authority of a test, only Amazon’s and the like are trusted', async () => {
    expect(failures(await check({ caPem: undefined }))['tls-name']).toContain(
      'its certificate is not Amazon’s',
    )
  })

  test('a server that does not speak TLS', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).end('220 hello\r\n')).listen(
      0,
      '127.0.0.1',
    )
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const found = failures(await check({ server: { host: '127.0.0.1', port } }))
    server.close()
    expect(found['tls-name']).toMatch(/^“127\.0\.0\.1” closes each connection before it is of use\./)
  })

  test('goes through a session where the drive has an instance for it', async () => {
    let ended = false
    route = () =>
      Promise.resolve({
        host: mountTarget.host,
        port: mountTarget.port,
        [Symbol.asyncDispose]: () => {
          ended = true
          return Promise.resolve()
        },
      })
    const throughInstanceId = 'i-0123456789abcdef0'
    const results = await check({ server: { host: '10.82.77.20', port: 2049 }, throughInstanceId })
    expect(told(results)).toEqual(allGood)
    expect(results.find(({ id }) => id === 'port-reachable')?.description).toBe(
      '10.82.77.20, port 2049, through i-0123456789abcdef0',
    )
    expect(ended).toBe(true)
  })

  test('is closed without the program for sessions, which is told once', async () => {
    route = () => Promise.reject(new AppError('ssm-plugin-missing'))
    expect(failures(await check({ throughInstanceId: 'i-0123456789abcdef0' }))).toEqual({
      'port-reachable':
        'The way in “ssm” needs AWS’s program session-manager-plugin, and it is not on this machine. → Install it (on a Mac: brew install --cask session-manager-plugin, or AWS’s own installer), then mount the drive again.',
    })
  })
})

describe('the public address', () => {
  test('is asked about only with a load balancer of a stack', async () => {
    stacks = [exampleStack('private', { fileSystemId: fileSystem.fileSystemId })]
    expect(told(await check())).toEqual(allGood)
    stacks = [exampleStack('nlb', { fileSystemId: fileSystem.fileSystemId })]
    expect(told(await check())).toEqual({ ...allGood, 'address-allowed': '✓' })
  })

  test('that is no longer let in is said, with the way out', async () => {
    stacks = [exampleStack('nlb', { fileSystemId: fileSystem.fileSystemId })]
    publicAddress = '198.51.100.9'
    expect(failures(await check())).toEqual({
      'address-allowed':
        'Your public address is 198.51.100.9 now, and the load balancer of the stack mountbar-photos lets in 203.0.113.7/32 only. → Let the new address in with `mountbar check --update-access` and the drive’s name. With a VPN on or off the address is another.',
    })
  })
})
