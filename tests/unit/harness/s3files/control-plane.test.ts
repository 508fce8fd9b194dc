import * as sdk from '@aws-sdk/client-s3files'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { AwsAccount } from '../../../harness/aws/account.ts'
import {
  startS3FilesControl,
  type S3FilesControl,
} from '../../../harness/aws/s3files-control/start-s3files-control.ts'

const bucket = 'arn:aws:s3:::photos'
const goodRole = 'arn:aws:iam::111122223333:role/good'
const badRole = 'arn:aws:iam::111122223333:role/bad'

let nowMs = Date.now()
let control: S3FilesControl
let client: sdk.S3FilesClient

beforeEach(async () => {
  nowMs = Date.now()
  const account = new AwsAccount()
  control = await startS3FilesControl({
    account,
    region: 'eu-central-1',
    nowMs: () => nowMs,
    times: { creatingMs: 60_000, deletingMs: 30_000 },
    faultOfRole: (arn) => (arn === badRole ? 'The role cannot be assumed.' : undefined),
    pageSize: 2,
  })
  const config: sdk.S3FilesClientConfig = {
    region: 'eu-central-1',
    endpoint: control.service.url,
    credentials: account.addUser('ann'),
    maxAttempts: 1,
  }
  client = new sdk.S3FilesClient(config)
})
afterEach(async () => {
  client.destroy()
  await control.service[Symbol.asyncDispose]()
})

async function makeFileSystem(name = 'photos'): Promise<string> {
  const made = await client.send(
    new sdk.CreateFileSystemCommand({ bucket, roleArn: goodRole, tags: [{ key: 'Name', value: name }] }),
  )
  return made.fileSystemId!
}

/** Later, by the service's clock; for less than five minutes in all, or the clients' signatures are too old for it. */
function pass(ms: number): void {
  nowMs += ms
}

test('a file system is made, becomes available by the test’s clock, and is told as the SDK’s model says', async () => {
  const fileSystemId = await makeFileSystem()
  const get = () => client.send(new sdk.GetFileSystemCommand({ fileSystemId }))
  expect(await get()).toMatchObject({ status: 'creating', bucket, roleArn: goodRole })
  pass(60_000)
  const { status, creationTime, fileSystemArn } = await get()
  expect(status).toBe('available')
  expect(creationTime).toBeInstanceOf(Date)
  expect(fileSystemArn).toBe(`arn:aws:s3files:eu-central-1:111122223333:file-system/${fileSystemId}`)
})

test('a role that cannot do its work leaves the file system in creating, with the reason in its message', async () => {
  const { fileSystemId } = await client.send(new sdk.CreateFileSystemCommand({ bucket, roleArn: badRole }))
  pass(200_000)
  const { status, statusMessage } = await client.send(new sdk.GetFileSystemCommand({ fileSystemId }))
  expect({ status, statusMessage }).toEqual({
    status: 'creating',
    statusMessage: 'The role cannot be assumed.',
  })
})

test('lists come in pages, and a list tells no prefix and no security groups', async () => {
  for (const name of ['a', 'b', 'c']) await makeFileSystem(name)
  const pages = []
  for await (const page of sdk.paginateListFileSystems({ client }, {})) pages.push(page.fileSystems ?? [])
  expect(pages.map((page) => page.map(({ name }) => name))).toEqual([['a', 'b'], ['c']])
  expect(pages[0]![0]).not.toHaveProperty('prefix')
})

test('a file system goes only when nothing hangs on it and nothing waits for the bucket', async () => {
  const fileSystemId = await makeFileSystem()
  pass(60_000)
  const { mountTargetId } = await client.send(
    new sdk.CreateMountTargetCommand({ fileSystemId, subnetId: 'subnet-0123456789abcdef0' }),
  )
  const remove = (forceDelete?: boolean) =>
    client.send(new sdk.DeleteFileSystemCommand({ fileSystemId, ...(forceDelete && { forceDelete }) }))
  await expect(remove()).rejects.toMatchObject({ name: 'ConflictException', errorCode: 'FileSystemInUse' })
  await client.send(new sdk.DeleteMountTargetCommand({ mountTargetId }))
  pass(30_000)
  control.state.fileSystem(fileSystemId).pendingExports = 3
  await expect(remove()).rejects.toMatchObject({ errorCode: 'FileSystemHasPendingExport' })
  control.state.fileSystem(fileSystemId).pendingExports = 0
  await remove()
  const get = () => client.send(new sdk.GetFileSystemCommand({ fileSystemId }))
  expect((await get()).status).toBe('deleting')
  pass(30_000)
  await expect(get()).rejects.toBeInstanceOf(sdk.ResourceNotFoundException)
})

test('an access point keeps its user and folder, and a policy is put, read and removed', async () => {
  const fileSystemId = await makeFileSystem()
  await client.send(
    new sdk.CreateAccessPointCommand({
      fileSystemId,
      posixUser: { uid: 1000, gid: 1000 },
      rootDirectory: { path: '/mac' },
    }),
  )
  const { accessPoints } = await client.send(new sdk.ListAccessPointsCommand({ fileSystemId }))
  expect(accessPoints).toMatchObject([{ posixUser: { uid: 1000 }, rootDirectory: { path: '/mac' } }])
  const get = () => client.send(new sdk.GetFileSystemPolicyCommand({ fileSystemId }))
  await expect(get()).rejects.toMatchObject({ errorCode: 'PolicyNotFound' })
  await client.send(new sdk.PutFileSystemPolicyCommand({ fileSystemId, policy: '{}' }))
  expect((await get()).policy).toBe('{}')
  await client.send(new sdk.DeleteFileSystemPolicyCommand({ fileSystemId }))
  await expect(get()).rejects.toBeInstanceOf(sdk.ResourceNotFoundException)
})

test('a second mount target in the same zone is refused', async () => {
  const fileSystemId = await makeFileSystem()
  pass(60_000)
  const make = () =>
    client.send(new sdk.CreateMountTargetCommand({ fileSystemId, subnetId: 'subnet-0123456789abcdef0' }))
  await make()
  await expect(make()).rejects.toMatchObject({ errorCode: 'MountTargetConflict' })
})
