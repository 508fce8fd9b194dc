import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'

import { startS3Files } from '../../../harness/s3files/start-s3-files.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'
import { waitFor } from '../../../harness/wait-for.ts'
import { nullCall } from './calls.ts'
import { startRpcEcho } from './rpc-echo.ts'
import { TlsClient } from './tls-client.ts'

test('the whole of it: a mount target that answers, files that reach the bucket, objects that reach the files', async () => {
  await using temp = await makeTempDir('s3files')
  const exportDir = join(temp.dir, 'export')
  await mkdir(exportDir)
  await using nfs = await startRpcEcho()
  await using simulator = await startS3Files({ nfs, exportDir, quietMs: 50, scanEveryMs: 10 })
  using client = await TlsClient.connect(simulator.mountTarget)
  await client.call(nullCall)

  await writeFile(join(exportDir, 'saved.txt'), 'from the file system')
  const { bucket } = simulator.bucketSide
  await waitFor(() => bucket.object('saved.txt'), { what: 'the export' })
  const s3 = new S3Client({
    endpoint: simulator.s3.url,
    region: 'eu-central-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
  })
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: 'saved.txt' }))
  expect(await Body?.transformToString()).toBe('from the file system')
  s3.destroy()

  bucket.put('put.txt', Buffer.from('from the bucket'))
  const imported = (): Promise<string | undefined> =>
    readFile(join(exportDir, 'put.txt'), 'utf8').catch(() => undefined)
  expect(await waitFor(imported, { what: 'the import' })).toBe('from the bucket')
})

test('what goes wrong while synchronising is told at the end', async () => {
  await using temp = await makeTempDir('s3files')
  const exportDir = join(temp.dir, 'export')
  await mkdir(exportDir)
  await using nfs = await startRpcEcho()
  const simulator = await startS3Files({ nfs, exportDir, scanEveryMs: 10 })
  const failing = new Error('the disk is on fire')
  simulator.bucketSide.bucket.keys = () => {
    throw failing
  }
  await waitFor(() => !simulator.bucketSide.isRunning, { what: 'the synchroniser to stop' })
  await expect(simulator[Symbol.asyncDispose]()).rejects.toBe(failing)
})
