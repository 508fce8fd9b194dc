import { describe, expect, test } from 'vitest'

import { mayWrite } from '../../../../src-main/services/stacks/check/may-write.ts'
import { requiredAccessPoint } from '../../../../src-main/services/stacks/check/required-access-point.ts'

const user = { uid: 1000, gid: 1000 }
const creation = (ownerUid: number, ownerGid: number, permissions: string) => ({
  ownerUid,
  ownerGid,
  permissions,
})

test.each([
  ['yes', { user: { uid: 0, gid: 0 }, folder: '/' }],
  ['no', { user, folder: '/' }],
  ['no', { user, folder: '/', creation: creation(1000, 1000, '0777') }],
  ['unknown', { user: undefined, folder: '/' }],
  ['unknown', { user, folder: '/mac' }],
  ['yes', { user, folder: '/mac', creation: creation(1000, 1000, '0755') }],
  ['no', { user, folder: '/mac', creation: creation(0, 0, '0755') }],
  ['no', { user, folder: '/mac', creation: creation(0, 1000, '0755') }],
  ['yes', { user, folder: '/mac', creation: creation(0, 1000, '0775') }],
  ['yes', { user, folder: '/mac', creation: creation(0, 0, '0777') }],
  ['no', { user, folder: '/mac', creation: creation(1000, 1000, '0655') }],
] as const)('whether its user may write: %s, with %j', (expected, accessPoint) => {
  expect(mayWrite({ creation: undefined, ...accessPoint })).toBe(expected)
})

describe('the access point that a policy asks for', () => {
  const arn = 'arn:aws:s3files:eu-central-1:111122223333:file-system/fs-1/access-point/fsap-1'
  const policyWith = (statement: object): string =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Principal: { AWS: '*' }, ...statement }] })

  test.each([
    ['s3files:ClientMount', arn],
    [['s3files:ClientWrite', 's3files:ClientMount'], arn],
    ['s3files:*', arn],
    ['s3files:ClientWrite', undefined],
  ])('with %j denied', (Action, expected) => {
    const Condition = { StringNotEquals: { 's3files:AccessPointArn': arn } }
    expect(requiredAccessPoint(policyWith({ Effect: 'Deny', Action, Condition }))).toBe(expected)
  })

  test.each([
    [
      'allowed and not denied',
      { Effect: 'Allow', Condition: { StringNotEquals: { 's3files:AccessPointArn': arn } } },
    ],
    [
      'two of them',
      { Effect: 'Deny', Condition: { StringNotEquals: { 's3files:AccessPointArn': [arn, 'b'] } } },
    ],
    ['another condition', { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    ['no condition', { Effect: 'Deny' }],
  ])('is not known with %s', (_what, statement) => {
    expect(requiredAccessPoint(policyWith({ Action: 's3files:ClientMount', ...statement }))).toBeUndefined()
  })

  test.each(['', '{}', 'null', '{"Statement":"x"}'])('is not known of %j', (policy) => {
    expect(requiredAccessPoint(policy)).toBeUndefined()
  })
})
