import { createHash, createHmac } from 'node:crypto'

/** What the signature in a certificate is over, and the secret that the simulator knows. */
export interface SignatureInputs {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | undefined
  readonly region: string
  readonly fileSystemId: string
  readonly publicKeyHash: string
  readonly signedAtMs: number
}

/**
 * The signature as AWS must compute it. Written apart from the app's own code on purpose: a server that shares code
 * with its client agrees with its mistakes.
 */
export function expectedSignature(inputs: SignatureInputs): string {
  const time = new Date(inputs.signedAtMs).toISOString().replaceAll(/[-:]|\.000/g, '')
  const day = time.slice(0, 8)
  const scope = `${day}/${inputs.region}/s3files/aws4_request`
  const token =
    inputs.sessionToken === undefined
      ? ''
      : `X-Amz-Security-Token=${new URLSearchParams([['', inputs.sessionToken]]).toString().slice(1)}&`
  const request = `GET
/
Action=Connect&PublicKeyHash=${inputs.publicKeyHash}&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${inputs.accessKeyId}${`/${scope}`.replaceAll('/', '%2F')}&X-Amz-Date=${time}&X-Amz-Expires=86400&${token}X-Amz-SignedHeaders=host
host:${inputs.fileSystemId}
host
${sha256('')}`
  const dayKey = hmac(`AWS4${inputs.secretAccessKey}`, day)
  const signingKey = hmac(hmac(hmac(dayKey, inputs.region), 's3files'), 'aws4_request')
  return hmac(signingKey, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(request)}`).toString('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
