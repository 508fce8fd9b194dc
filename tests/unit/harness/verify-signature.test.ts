import { expect, test } from 'vitest'

import { AwsAccount } from '../../harness/aws/account.ts'
import { verifySignature } from '../../harness/aws/verify-signature.ts'

/** The request that AWS's own documentation of Signature Version 4 signs step by step. */
const request = {
  method: 'GET',
  url: new URL('https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08'),
  headers: {
    host: 'iam.amazonaws.com',
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'x-amz-date': '20150830T123600Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, ' +
      'Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  },
  body: '',
}
const signedAtMs = Date.UTC(2015, 7, 30, 12, 36)

function judge(change: Partial<typeof request> = {}, nowMs = signedAtMs): ReturnType<typeof verifySignature> {
  const account = new AwsAccount()
  account.keys.set('AKIDEXAMPLE', {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    arn: 'arn:aws:iam::111122223333:user/example',
  })
  return verifySignature({ ...request, ...change }, { account, service: 'iam', nowMs })
}

test('the local AWS takes the signature of AWS’s documented example', async () => {
  expect(await judge()).toMatchObject({ accessKeyId: 'AKIDEXAMPLE' })
})

test.each([
  ['another method', { method: 'POST' }, 'SignatureDoesNotMatch'],
  [
    'another query',
    { url: new URL('https://iam.amazonaws.com/?Action=DeleteUser') },
    'SignatureDoesNotMatch',
  ],
  ['another body', { body: 'x' }, 'SignatureDoesNotMatch'],
  ['another host', { headers: { ...request.headers, host: 'evil.example' } }, 'SignatureDoesNotMatch'],
  [
    'a token that was not given out',
    { headers: { ...request.headers, 'x-amz-security-token': 't' } },
    'InvalidClientTokenId',
  ],
  ['no signature', { headers: { ...request.headers, authorization: '' } }, 'MissingAuthenticationToken'],
])('the local AWS does not take it for %s', async (_, change, refusal) => {
  expect(await judge(change)).toBe(refusal)
})

test.each([
  ['six minutes late', 6, 'SignatureExpired'],
  ['six minutes early', -6, 'SignatureNotYetCurrent'],
])('the local AWS does not take it %s', async (_, minutes, refusal) => {
  expect(await judge({}, signedAtMs + minutes * 60_000)).toBe(refusal)
})
