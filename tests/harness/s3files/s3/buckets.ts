import { SaxesParser } from 'saxes'

import type { Bucket } from '../bucket/bucket.ts'
import type { S3Reply } from './objects.ts'
import type { S3Request } from './request.ts'
import { S3Error } from './s3-error.ts'
import { element, xmlDocument } from './xml.ts'

/** Most objects of one DeleteObjects. */
const mostDeleted = 1000

export function bucketVersioning({ versioning }: Bucket): S3Reply {
  const status = versioning === undefined ? [] : [element('Status', versioning)]
  return xmlReply('VersioningConfiguration', status)
}

export function bucketTagging({ tags }: Bucket): S3Reply {
  if (tags.size === 0) throw new S3Error(404, 'NoSuchTagSet')
  const set = [...tags].map(([key, value]) => element('Tag', [element('Key', key), element('Value', value)]))
  return xmlReply('Tagging', [element('TagSet', set)])
}

/** What new objects are encrypted with. */
export function bucketEncryption({ encryption: { algorithm, kmsKey } }: Bucket): S3Reply {
  const byDefault = [
    element('SSEAlgorithm', algorithm),
    kmsKey === undefined ? undefined : element('KMSMasterKeyID', kmsKey),
  ]
  return xmlReply('ServerSideEncryptionConfiguration', [
    element('Rule', [element('ApplyServerSideEncryptionByDefault', byDefault)]),
  ])
}

/** A bucket of another region is answered with where it is. */
export function bucketHead({ region }: Bucket, here: string): S3Reply {
  const isHere = region === undefined || region === here
  return { status: isHere ? 200 : 301, headers: { 'x-amz-bucket-region': region ?? here } }
}

/** us-east-1 has no name there. */
export function bucketLocation(region: string): S3Reply {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/xml' },
    body: xmlDocument(element('LocationConstraint', region === 'us-east-1' ? '' : region)),
  }
}

export function deleteBucket(buckets: Bucket[], bucket: Bucket, isAttached: boolean): S3Reply {
  if (isAttached) throw new S3Error(409, 'BucketHasS3FileSystemAttached')
  if (bucket.keys().length > 0) throw new S3Error(409, 'BucketNotEmpty')
  buckets.splice(buckets.indexOf(bucket), 1)
  return { status: 204 }
}

/** DeleteObjects: of versions, or by delete markers. A key that is not there is deleted as well. */
export function deleteObjects(bucket: Bucket, { body }: S3Request): S3Reply {
  const wanted = readDelete(body.toString())
  if (wanted.length > mostDeleted) throw new S3Error(400, 'MalformedXML')
  const deleted = wanted.map(({ key, versionId }) => {
    if (versionId === undefined) bucket.delete(key)
    else bucket.deleteVersion(key, versionId)
    return element('Deleted', [
      element('Key', key),
      versionId === undefined ? undefined : element('VersionId', versionId),
    ])
  })
  return xmlReply('DeleteResult', deleted)
}

interface WantedDeletion {
  readonly key: string
  readonly versionId: string | undefined
}

function readDelete(xml: string): WantedDeletion[] {
  const wanted: WantedDeletion[] = []
  let fields: Record<string, string> = {}
  let text = ''
  const parser = new SaxesParser()
  parser.on('opentag', ({ name }) => {
    text = ''
    if (name === 'Object') fields = {}
  })
  parser.on('text', (part) => void (text += part))
  parser.on('closetag', ({ name }) => {
    fields[name] = text
    if (name === 'Object') wanted.push({ key: fields['Key'] ?? '', versionId: fields['VersionId'] })
  })
  parser.write(xml).close()
  return wanted
}

function xmlReply(name: string, children: Parameters<typeof element>[1]): S3Reply {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/xml' },
    body: xmlDocument(element(name, children)),
  }
}
