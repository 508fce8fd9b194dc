import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Bucket } from '../bucket/bucket.ts'
import {
  bucketEncryption,
  bucketHead,
  bucketLocation,
  bucketTagging,
  bucketVersioning,
  deleteBucket,
  deleteObjects,
} from './buckets.ts'
import { listObjectsV2, listObjectVersions } from './lists.ts'
import { deleteObject, getObject, putObject, type S3Reply } from './objects.ts'
import { readRequest, type S3Request } from './request.ts'
import { S3Error } from './s3-error.ts'
import { element, xmlDocument } from './xml.ts'

export interface S3EndpointOptions {
  /** Looked at with each request; a bucket that is deleted leaves it. */
  readonly buckets: Bucket[]
  readonly host: string
  /** Where the buckets are. */
  readonly region?: string
  /** Whether a file system is attached to a bucket, which keeps it from being deleted. */
  readonly isAttached?: (bucketName: string) => boolean
}

/** S3's HTTP interface to simulated buckets: path style, any credentials. */
export interface S3Endpoint extends AsyncDisposable {
  readonly url: string
  /** Every request from here on is answered with this, as AWS would with an expired token; `undefined` ends it. */
  refuseWith(error: S3Error | undefined): void
}

export async function startS3Endpoint(options: S3EndpointOptions): Promise<S3Endpoint> {
  const { host } = options
  let refusal: S3Error | undefined
  const server = createServer((incoming, response) => {
    const answer = async (): Promise<S3Reply> => {
      const request = await readRequest(incoming)
      if (refusal !== undefined) throw refusal
      return handle(options, request)
    }
    answer()
      .catch(toErrorReply)
      .then((reply) => send(incoming, response, reply))
      .catch(() => response.destroy())
  })
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${host}:${port}`,
    refuseWith: (error) => void (refusal = error),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function handle(
  { buckets, region = 'us-east-1', isAttached = () => false }: S3EndpointOptions,
  request: S3Request,
): S3Reply {
  const bucket = buckets.find(({ name }) => name === request.bucket)
  if (bucket === undefined) throw new S3Error(404, 'NoSuchBucket')
  if (request.key === '') {
    switch (`${request.method} ${subresourceOf(request)}`) {
      case 'HEAD ':
        return bucketHead(bucket, region)
      case 'DELETE ':
        return deleteBucket(buckets, bucket, isAttached(bucket.name))
      case 'GET versions':
        return listObjectVersions(bucket, request.query)
      case 'GET versioning':
        return bucketVersioning(bucket)
      case 'GET encryption':
        return bucketEncryption(bucket)
      case 'GET location':
        return bucketLocation(region)
      case 'GET tagging':
        return bucketTagging(bucket)
      case 'GET list-type':
        return listObjectsV2(bucket, request.query)
      case 'POST delete':
        return deleteObjects(bucket, request)
      default:
        throw new S3Error(501, 'NotImplemented')
    }
  }
  switch (request.method) {
    case 'HEAD':
    case 'GET':
      return getObject(bucket, request)
    case 'PUT':
      return putObject(bucket, request)
    case 'DELETE':
      return deleteObject(bucket, request)
    default:
      throw new S3Error(501, 'NotImplemented')
  }
}

/** Which part of a bucket a request is about. */
function subresourceOf({ query }: S3Request): string {
  const names = ['versions', 'versioning', 'encryption', 'location', 'tagging', 'list-type', 'delete']
  return names.find((name) => query.has(name)) ?? ''
}

function toErrorReply(error: unknown): S3Reply {
  const { status, code, headers } =
    error instanceof S3Error ? error : new S3Error(500, 'InternalError', { 'x-simulator': String(error) })
  return {
    status,
    headers: { 'Content-Type': 'application/xml', ...headers },
    body: xmlDocument(element('Error', [element('Code', code), element('Message', code)])),
  }
}

function send(incoming: IncomingMessage, response: ServerResponse, { status, headers, body }: S3Reply): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const length = bytes === undefined ? {} : { 'Content-Length': bytes.length }
  response.writeHead(status, { ...length, ...headers })
  response.end(incoming.method === 'HEAD' ? undefined : bytes)
}
