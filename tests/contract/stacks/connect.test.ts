import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { findWaysIn } from '../../../src-main/services/stacks/connect/find-ways-in.ts'
import { fileSystemOfStack } from '../../../src-main/services/stacks/connect/file-system-of-stack.ts'
import { listFileSystems } from '../../../src-main/services/stacks/connect/list-file-systems.ts'
import type { StackView } from '../../../src-main/services/stacks/stack.ts'
import { startConnectRig, type ConnectRig } from '../../harness/aws/connect-rig.ts'
import { exampleStack } from '../../harness/aws/example-stack.ts'

const signal = new AbortController().signal
const roleArn = 'arn:aws:iam::111122223333:role/s3files'

let rig: ConnectRig
let denied: string[]
let stacks: StackView[]

beforeEach(async () => {
  denied = []
  stacks = []
  rig = await startConnectRig({ pageSize: 2, isDenied: (action) => denied.includes(action) })
})
afterEach(() => rig[Symbol.asyncDispose]())

const lookup = { list: () => Promise.resolve(stacks) }

function makeFileSystem(bucket: string, prefix?: string) {
  return rig.control.state.createFileSystem({ bucket: `arn:aws:s3:::${bucket}`, roleArn, prefix })
}

describe('file systems to choose from', () => {
  test('are all there, over several pages, in every state, those that can be opened first', async () => {
    const { state } = rig.control
    for (const bucket of ['e', 'd', 'c', 'b', 'a']) makeFileSystem(bucket, `${bucket}/`)
    const [stuck, , broken] = [...state.fileSystems.values()]
    state.setLife(stuck!, 'creating', 'The role cannot be assumed.')
    state.setLife(broken!, 'error', 'The bucket is gone.')
    const choices = await listFileSystems(rig.target, rig.s3Files, signal)
    expect(
      choices.map(({ bucket, prefix, status, statusMessage }) => [bucket, prefix, status, statusMessage]),
    ).toEqual([
      ['a', 'a/', 'available', undefined],
      ['b', 'b/', 'available', undefined],
      ['d', 'd/', 'available', undefined],
      ['c', 'c/', 'error', 'The bucket is gone.'],
      ['e', 'e/', 'creating', 'The role cannot be assumed.'],
    ])
  })

  test('are listed without their prefixes when those may not be seen', async () => {
    makeFileSystem('photos', 'mac/')
    denied = ['s3files:GetFileSystem']
    const [choice] = await listFileSystems(rig.target, rig.s3Files, signal)
    expect(choice).toMatchObject({ bucket: 'photos', prefix: '' })
  })

  test('are refused by name of the permission that is missing', async () => {
    denied = ['s3files:ListFileSystems']
    await expect(listFileSystems(rig.target, rig.s3Files, signal)).rejects.toMatchObject({
      code: 'aws-denied',
      args: { action: 's3files:ListFileSystems', profile: 'default' },
    })
  })
})

describe('ways into a file system', () => {
  test('are its mount targets and access points, told apart by what they are for', async () => {
    const { state } = rig.control
    const { fileSystemId } = makeFileSystem('photos')
    const { ipv4Address } = state.createMountTarget({ fileSystemId, subnetId: 'subnet-0123456789abcdef0' })
    const point = state.createAccessPoint({
      fileSystemId,
      posixUser: { uid: 1000, gid: 1000 },
      rootDirectory: { path: '/mac' },
      tags: [{ key: 'Name', value: 'Mac' }],
    })
    expect(
      await findWaysIn(fileSystemId, rig.target, { s3Files: rig.s3Files, stacks: lookup }, signal),
    ).toEqual({
      servers: [
        {
          host: ipv4Address,
          port: 2049,
          label: `Mount target ${ipv4Address} (euc1-az1 in vpc-0123456789abcdef0)`,
        },
      ],
      accessPoints: [{ id: point.accessPointId, label: 'Mac, /mac, as user 1000' }],
    })
  })

  test('begin with what the stack of the file system was made for', async () => {
    const { state } = rig.control
    const { fileSystemId } = makeFileSystem('photos')
    state.createMountTarget({ fileSystemId, subnetId: 'subnet-1', ipv4Address: '10.82.77.20' })
    const points = ['other', 'own'].map((name) =>
      state.createAccessPoint({ fileSystemId, tags: [{ key: 'Name', value: name }] }),
    )
    const accessPointId = points[1]!.accessPointId
    stacks = [exampleStack('ssm', { fileSystemId, accessPointId })]
    const { servers, accessPoints } = await findWaysIn(
      fileSystemId,
      rig.target,
      { s3Files: rig.s3Files, stacks: lookup },
      signal,
    )
    expect(servers).toEqual([
      {
        host: '10.82.77.20',
        port: 2049,
        label: 'Session through the instance of mountbar-photos',
        throughInstanceId: 'i-0123456789abcdef0',
      },
    ])
    expect(accessPoints[0]!.id).toBe(accessPointId)
  })

  test('are found without stacks when those may not be listed', async () => {
    const { fileSystemId } = makeFileSystem('photos')
    const stacks = { list: () => Promise.reject(new Error('denied')) }
    const ways = await findWaysIn(fileSystemId, rig.target, { s3Files: rig.s3Files, stacks }, signal)
    expect(ways).toEqual({ servers: [], accessPoints: [] })
  })

  test('of a file system that is not there are none, and it is named', async () => {
    const parts = { s3Files: rig.s3Files, stacks: lookup }
    await expect(findWaysIn('fs-00000000000000099', rig.target, parts, signal)).rejects.toMatchObject({
      code: 'file-system-missing',
      args: { fileSystemId: 'fs-00000000000000099', region: 'eu-central-1' },
    })
  })
})

describe('the file system of a stack', () => {
  test('is what its outputs say, with the instance to go through where there is one', () => {
    expect(fileSystemOfStack(exampleStack('nlb'))).toEqual({
      fileSystemId: 'fs-0123456789abcdef0',
      region: 'eu-central-1',
      profile: 'default',
      accessPointId: 'fsap-0123456789abcdef0',
      remotePath: '/',
      server: { host: 'mountbar.elb.eu-central-1.amazonaws.com', port: 2049 },
    })
    expect(fileSystemOfStack(exampleStack('ssm'))).toMatchObject({
      server: { host: '10.82.77.20' },
      throughInstanceId: 'i-0123456789abcdef0',
    })
  })

  test.each(['CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'])('is not there while the stack is %s', (status) => {
    const { outputs, ...rest } = exampleStack('nlb')
    const stack = { ...rest, status, ...(status.startsWith('DELETE') && { outputs }) } as StackView
    expect(() => fileSystemOfStack(stack)).toThrow(
      expect.objectContaining({ code: 'stack-outputs-missing', args: { name: 'mountbar-photos', status } }),
    )
  })
})
