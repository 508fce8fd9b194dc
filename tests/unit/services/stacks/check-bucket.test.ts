import { expect, test } from 'vitest'

import { checkBucket } from '../../../../src-main/services/stacks/deploy/check-bucket.ts'

const key = 'arn:aws:kms:eu-central-1:111122223333:key/0f-1'
const good = { region: 'eu-central-1', isVersioned: true, encryption: 'AES256' }

test.each([
  ['with the keys of S3', good, undefined],
  ['with a key of its own', { ...good, encryption: 'aws:kms', kmsKey: key }, key],
  ['with AWS’s own key', { ...good, encryption: 'aws:kms' }, undefined],
  [
    'with AWS’s own key by its alias',
    { ...good, encryption: 'aws:kms', kmsKey: 'arn:aws:kms:eu-central-1:1:alias/aws/s3' },
    undefined,
  ],
])('a bucket %s can be used', (_what, facts, kmsKeyArn) => {
  expect(checkBucket('photos', facts, 'eu-central-1')).toBe(kmsKeyArn)
})

test('a key that the bucket names by an alias has to be given as an ARN, for the role’s policy', () => {
  const facts = { ...good, encryption: 'aws:kms', kmsKey: 'alias/photos' }
  expect(() => checkBucket('photos', facts, 'eu-central-1')).toThrow(
    expect.objectContaining({ code: 'stack-choice-invalid' }),
  )
  expect(checkBucket('photos', facts, 'eu-central-1', key)).toBe(key)
})

test('no key makes an encryption good that S3 Files does not know', () => {
  const facts = { ...good, encryption: 'aws:kms:dsse', kmsKey: key }
  expect(() => checkBucket('photos', facts, 'eu-central-1', key)).toThrow(
    expect.objectContaining({ code: 'bucket-encryption' }),
  )
})
