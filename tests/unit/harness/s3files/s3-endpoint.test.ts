import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { FakeClock } from '../../../fakes/fake-clock.ts'
import { Bucket } from '../../../harness/s3files/bucket/bucket.ts'
import { startS3Endpoint, type S3Endpoint } from '../../../harness/s3files/s3/s3-endpoint.ts'
import { S3Error } from '../../../harness/s3files/s3/s3-error.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'

const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5)
const bucketName = 'example-bucket'

let bucket: Bucket
let endpoint: S3Endpoint
let s3: S3Client
beforeEach(async () => {
  bucket = new Bucket(bucketName, new FakeClock(nowMs))
  endpoint = await startS3Endpoint({ buckets: [bucket], host: '127.0.0.1' })
  s3 = new S3Client({
    endpoint: endpoint.url,
    region: 'eu-central-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
  })
})
afterEach(async () => {
  s3.destroy()
  await endpoint[Symbol.asyncDispose]()
})

function get(Key: string, more: { Range?: string; VersionId?: string } = {}): Promise<string | undefined> {
  return s3
    .send(new GetObjectCommand({ Bucket: bucketName, Key, ...more }))
    .then(({ Body }) => Body?.transformToString())
}

describe('one object, as the SDK sees it', () => {
  test('is put and got back with its metadata, whatever its name', async () => {
    const Key = 'dir/ä b&<c>+%2F ../..?x=1#y.txt'
    const body = { Body: 'hello', Metadata: { 'file-permissions': '0100600' } }
    const { VersionId, ETag } = await s3.send(new PutObjectCommand({ Bucket: bucketName, Key, ...body }))
    expect(await get(Key)).toBe('hello')
    expect(await s3.send(new HeadObjectCommand({ Bucket: bucketName, Key }))).toMatchObject({
      ContentLength: 5,
      ETag: '"5d41402abc4b2a76b9719d911017c592"',
      LastModified: new Date(nowMs),
      Metadata: { 'file-permissions': '0100600' },
      VersionId,
    })
    expect(ETag).toBe('"5d41402abc4b2a76b9719d911017c592"')
  })

  test('may be sent as a stream, which the SDK encodes in chunks of its own', async () => {
    await using temp = await makeTempDir('s3')
    const path = join(temp.dir, 'body')
    const text = 'streamed '.repeat(20_000)
    await writeFile(path, text)
    const stream = { Body: createReadStream(path), ContentLength: text.length }
    await s3.send(new PutObjectCommand({ Bucket: bucketName, Key: 'streamed', ...stream }))
    expect((await get('streamed')) === text).toBe(true)
  })

  test.each([
    ['bytes=2-4', '234'],
    ['bytes=7-', '789'],
    ['bytes=-2', '89'],
    ['bytes=8-100', '89'],
  ])('is read in part with %s', async (Range, part) => {
    bucket.put('digits', Buffer.from('0123456789'))
    expect(await get('digits', { Range })).toBe(part)
  })

  test('cannot be read beyond its end', async () => {
    bucket.put('digits', Buffer.from('0123456789'))
    await expect(get('digits', { Range: 'bytes=10-' })).rejects.toMatchObject({ name: 'InvalidRange' })
  })

  test('is missing by the name the SDK knows', async () => {
    await expect(get('nothing')).rejects.toMatchObject({ name: 'NoSuchKey' })
    const head = s3.send(new HeadObjectCommand({ Bucket: bucketName, Key: 'nothing' }))
    await expect(head).rejects.toMatchObject({ name: 'NotFound' })
  })

  test('keeps its versions behind a delete marker', async () => {
    const first = bucket.put('a', Buffer.from('1'))
    bucket.put('a', Buffer.from('2'))
    const deleted = await s3.send(new DeleteObjectCommand({ Bucket: bucketName, Key: 'a' }))
    expect(deleted).toMatchObject({ DeleteMarker: true })
    await expect(get('a')).rejects.toMatchObject({ name: 'NoSuchKey' })
    expect(await get('a', { VersionId: first.versionId })).toBe('1')
    const marker = { Bucket: bucketName, Key: 'a', VersionId: deleted.VersionId }
    await s3.send(new DeleteObjectCommand(marker))
    expect(await get('a')).toBe('2')
  })
})

describe('lists', () => {
  test('folds names at the delimiter', async () => {
    for (const key of ['a.txt', 'dir/', 'dir/b', 'dir/sub/c', 'other/d', 'z'])
      bucket.put(key, Buffer.from('x'))
    bucket.delete('z')
    const list = { Bucket: bucketName, Delimiter: '/' }
    expect(await s3.send(new ListObjectsV2Command(list))).toMatchObject({
      Contents: [{ Key: 'a.txt', Size: 1, LastModified: new Date(nowMs) }],
      CommonPrefixes: [{ Prefix: 'dir/' }, { Prefix: 'other/' }],
      KeyCount: 3,
      IsTruncated: false,
    })
    expect(await s3.send(new ListObjectsV2Command({ ...list, Prefix: 'dir/' }))).toMatchObject({
      Contents: [{ Key: 'dir/' }, { Key: 'dir/b' }],
      CommonPrefixes: [{ Prefix: 'dir/sub/' }],
    })
  })

  test('come in pages, in the order of bytes, each key once', async () => {
    const keys = ['Z', 'a', 'a/b', 'aa', 'ä', '\u{ffee}', '\u{1f600}', '<&>']
    for (const key of keys) bucket.put(key, Buffer.from('x'))
    const got: (string | undefined)[] = []
    for await (const page of paginateListObjectsV2({ client: s3, pageSize: 3 }, { Bucket: bucketName })) {
      got.push(...(page.Contents ?? []).map(({ Key }) => Key))
    }
    expect(got).toEqual(['<&>', 'Z', 'a', 'a/b', 'aa', 'ä', '\u{ffee}', '\u{1f600}'])
  })

  test('of versions have the newest first, with delete markers, in pages', async () => {
    bucket.put('a', Buffer.from('1'))
    bucket.put('a', Buffer.from('22'))
    bucket.delete('a')
    bucket.put('b', Buffer.from('333'))
    const got: unknown[] = []
    let next: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {}
    while (next !== undefined) {
      const page: ListObjectVersionsCommandOutput = await s3.send(
        new ListObjectVersionsCommand({ Bucket: bucketName, MaxKeys: 1, ...next }),
      )
      for (const { Key, Size, IsLatest } of page.Versions ?? []) got.push([Key, Size, IsLatest])
      for (const { Key, IsLatest } of page.DeleteMarkers ?? []) got.push([Key, 'deleted', IsLatest])
      const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page
      next = page.IsTruncated === true ? { KeyMarker, VersionIdMarker } : undefined
    }
    expect(got).toEqual([
      ['a', 'deleted', true],
      ['a', 2, false],
      ['a', 1, false],
      ['b', 3, true],
    ])
  })

  test('of versions can be asked for one key', async () => {
    for (const key of ['a', 'ab', 'b']) bucket.put(key, Buffer.from('x'))
    const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucketName, Prefix: 'a' }))
    expect(Versions?.map(({ Key }) => Key)).toEqual(['a', 'ab'])
  })
})

describe('refusals', () => {
  test('a bucket that is not there', async () => {
    const list = s3.send(new ListObjectsV2Command({ Bucket: 'other' }))
    await expect(list).rejects.toMatchObject({ name: 'NoSuchBucket' })
  })

  test('credentials that have expired, when the test says so', async () => {
    bucket.put('a', Buffer.from('1'))
    endpoint.refuseWith(new S3Error(400, 'ExpiredToken'))
    await expect(get('a')).rejects.toMatchObject({ name: 'ExpiredToken' })
    endpoint.refuseWith(undefined)
    expect(await get('a')).toBe('1')
  })
})
