import { describe, expect, test } from 'vitest'

import {
  canonicalConnectRequest,
  signConnect,
} from '../../../../src-main/services/credentials/sign-connect.ts'

/** AWS's own documented example key pair. */
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const request = {
  fileSystemId: 'fs-0123456789abcdef0',
  region: 'eu-central-1',
  publicKeyHash: '00112233445566778899aabbccddeeff00112233',
  nowMs: Date.UTC(2026, 0, 2, 3, 4, 5, 999),
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
}
const sessionToken = 'IQoJb3JpZ2luX2VjE/Example+Token ~x=='

describe('the fictitious request to connect', () => {
  test('is spelled as AWS’s client spells it: one line of query, one signed header, no blank line', () => {
    expect(canonicalConnectRequest({ ...request, sessionToken })).toBe(
      [
        'GET',
        '/',
        'Action=Connect&PublicKeyHash=00112233445566778899aabbccddeeff00112233&X-Amz-Algorithm=AWS4-HMAC-SHA256' +
          '&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260102%2Feu-central-1%2Fs3files%2Faws4_request' +
          '&X-Amz-Date=20260102T030405Z&X-Amz-Expires=86400' +
          '&X-Amz-Security-Token=IQoJb3JpZ2luX2VjE%2FExample%2BToken+~x%3D%3D&X-Amz-SignedHeaders=host',
        'host:fs-0123456789abcdef0',
        'host',
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      ].join('\n'),
    )
  })

  test('names no token when the credentials have none', () => {
    expect(canonicalConnectRequest(request)).not.toContain('Security-Token')
  })

  test('encodes what encodeURIComponent leaves alone', () => {
    expect(canonicalConnectRequest({ ...request, sessionToken: `a!'()*_.-~b` })).toContain(
      'Security-Token=a%21%27%28%29%2A_.-~b&',
    )
  })
})

// Computed with Python's hmac and quote_plus, along the text of efs-utils.
test.each([
  ['with a session token', sessionToken, '56131b2a890913e15ad4dc27649391bd14a0caee55cf0dce7cf6e0329d30ad11'],
  ['without one', undefined, 'b2c6f8746653bb961b99b7f7e253ce7c62bed77bbf4a71e51a1b938c96a4aedc'],
])('the signature %s is the one that another implementation gets', (_, token, signature) => {
  expect(signConnect({ ...request, sessionToken: token }, secretAccessKey)).toBe(signature)
})

test.each([
  ['region', { region: 'eu-west-1' }],
  ['file system', { fileSystemId: 'fs-0123456789abcdef1' }],
  ['key', { publicKeyHash: 'f'.repeat(40) }],
  ['second', { nowMs: request.nowMs + 1 }],
  ['key id', { accessKeyId: 'AKIAI44QH8DHBEXAMPLE' }],
  ['token', { sessionToken }],
])('another %s makes another signature', (_, change) => {
  expect(signConnect({ ...request, ...change }, secretAccessKey)).not.toBe(
    signConnect(request, secretAccessKey),
  )
})
