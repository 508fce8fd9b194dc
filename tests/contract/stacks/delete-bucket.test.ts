import { afterEach, beforeEach, expect, test } from 'vitest'

import { systemClock } from '../../../src-main/lib/clock.ts'
import { deleteBucket } from '../../../src-main/services/stacks/destroy/delete-bucket.ts'
import { ownBucketOf, wasMadeBy } from '../../../src-main/services/stacks/destroy/own-bucket.ts'
import { startConnectRig, type ConnectRig } from '../../harness/aws/connect-rig.ts'
import { exampleStack } from '../../harness/aws/example-stack.ts'
import { Bucket } from '../../harness/s3files/bucket/bucket.ts'
import { S3Error } from '../../harness/s3files/s3/s3-error.ts'

const signal = new AbortController().signal

let rig: ConnectRig
let bucket: Bucket
let told: number[]

beforeEach(async () => {
  rig = await startConnectRig()
  bucket = new Bucket('photos', systemClock)
  rig.buckets.push(bucket)
  told = []
})
afterEach(() => rig[Symbol.asyncDispose]())

function remove(ending = signal, name = 'photos'): Promise<void> {
  return deleteBucket(name, rig.target, rig.clients, (count) => told.push(count), ending)
}

function fill(objects: number): void {
  for (let i = 0; i < objects; i += 1) bucket.put(`trip/ä ${i}&<"'>.jpg`, Buffer.from('x'))
}

test('all versions and delete markers go, in batches that are told, and then the bucket', async () => {
  fill(1_200)
  for (const key of bucket.keys().slice(0, 100)) bucket.delete(key)
  await remove()
  expect(rig.buckets).toEqual([])
  expect(told).toEqual([1_000, 1_300])
})

test('an empty bucket is deleted without a word', async () => {
  await remove()
  expect(rig.buckets).toEqual([])
  expect(told).toEqual([])
})

test('what was cut off goes on from where it was', async () => {
  fill(2_500)
  const cut = new AbortController()
  const deleting = deleteBucket('photos', rig.target, rig.clients, () => cut.abort(), cut.signal)
  await expect(deleting).rejects.toMatchObject({ name: 'AbortError' })
  expect(bucket.keys()).toHaveLength(1_500)
  await remove()
  expect(rig.buckets).toEqual([])
  expect(told).toEqual([1_000, 1_500])
})

test('a bucket that another file system is attached to stays', async () => {
  rig.control.state.createFileSystem({ bucket: 'arn:aws:s3:::photos', roleArn: 'arn:aws:iam::1:role/x' })
  await expect(remove()).rejects.toMatchObject({ code: 'bucket-in-use', args: { bucket: 'photos' } })
})

test('one that is gone already, and one that may not be emptied, are told as that', async () => {
  await expect(remove(signal, 'holidays')).rejects.toMatchObject({ code: 'bucket-missing' })
  rig.s3.refuseWith(new S3Error(403, 'AccessDenied'))
  await expect(remove()).rejects.toMatchObject({
    code: 'aws-denied',
    args: { action: 's3:DeleteBucket' },
  })
})

test('a bucket is the stack’s own unless it was there before', () => {
  const stack = exampleStack('nlb', { bucketName: 'photos' })
  expect(ownBucketOf(stack)).toBe('photos')
  expect(ownBucketOf({ ...stack, parameters: { ExistingBucketName: 'photos' } })).toBeUndefined()
})

test('after its stack is gone, a bucket is known by the tags it was made with', async () => {
  const isOwn = () => wasMadeBy('photos', 'mountbar-photos', rig.target, rig.clients, signal)
  expect(await isOwn()).toBe(false)
  bucket.tags.set('Name', 'mountbar-photos')
  expect(await isOwn()).toBe(false)
  bucket.tags.set('mountbar:way-in', 'nlb')
  expect(await isOwn()).toBe(true)
  bucket.tags.set('Name', 'another')
  expect(await isOwn()).toBe(false)
})
