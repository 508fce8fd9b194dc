import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'

import { decodeAwsChunks } from './aws-chunks.ts'

export interface S3Request {
  readonly method: string
  readonly bucket: string
  /** Empty for a request about the bucket itself. */
  readonly key: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** Reads a path-style request to its end. */
export async function readRequest(incoming: IncomingMessage): Promise<S3Request> {
  // Not by `new URL`, which would resolve dots: they are ordinary characters of a key.
  const [path = '', query = ''] = (incoming.url ?? '').split('?', 2)
  const [, bucket = '', ...keyParts] = path.split('/')
  const received = await buffer(incoming)
  const isChunked = String(incoming.headers['x-amz-content-sha256']).startsWith('STREAMING-')
  return {
    method: incoming.method ?? '',
    bucket: decodeURIComponent(bucket),
    key: decodeURIComponent(keyParts.join('/')),
    query: new URLSearchParams(query),
    headers: incoming.headers,
    body: isChunked ? decodeAwsChunks(received) : received,
  }
}
