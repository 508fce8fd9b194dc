import { expect, test } from 'vitest'

import { redact } from '../../../src-main/core/redact.ts'

const segment = '0123456789abcdef0123456789abcdef'
// The keys that AWS prints in its documentation.
const accessKeyId = 'AKIAIOSFODNN7EXAMPLE'
const secretKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const token = 'FwoGZXIvYXdzExyz+/12=='
const key = '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIrY\nabc=\n-----END EC PRIVATE KEY-----'

test.each([
  ['a front’s url', `http://127.0.0.1:4711/${segment}/a.txt`, segment],
  ['a front’s url at the end of a line', `mounted http://127.0.0.1:4711/${segment}`, segment],
  ['a path in JSON', `{"path":"/${segment}"}`, segment],
  ['a settings file', `{"pathSecret": "${segment}"}`, segment],
  ['an access key id', `key ${accessKeyId} used`, accessKeyId],
  ['a temporary access key id', `key ${accessKeyId.replace('AKIA', 'ASIA')}`, 'IOSFODNN7'],
  ['a secret key in an environment', `AWS_SECRET_ACCESS_KEY=${secretKey}`, secretKey],
  ['a secret key in JSON', `{"SecretAccessKey": "${secretKey}"}`, secretKey],
  ['a secret key in an SDK object', `{ secretAccessKey: '${secretKey}' }`, secretKey],
  ['a session token', `"SessionToken":"${token}"`, token],
  ['a session token in a header', `x-amz-security-token: ${token}`, token],
  [
    'a signed url',
    `https://x/?X-Amz-Credential=${accessKeyId}%2F20260101&X-Amz-Signature=deadbeef01`,
    'deadbeef01',
  ],
  ['a bearer token', 'authorization: Bearer abc.DEF-123_456', 'abc.DEF-123_456'],
  ['basic credentials', 'Authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  ['an sso token', `{"accessToken":"${token}","refreshToken":"r-${token}"}`, token],
  ['what a session of Systems Manager is opened with', `{"TokenValue":"${token}"}`, token],
  ['what a sign-in waits with', `{"deviceCode":"d-${token}","codeVerifier":"v-${token}"}`, token],
  ['the address of a proxy', 'HTTPS_PROXY=http://ann:p4ssw%25rd@proxy.example.com:3128', 'p4ssw%25rd'],
  ['a private key', key, 'MHcCAQEEIIrY'],
  ['a private key in JSON', JSON.stringify({ key }), 'MHcCAQEEIIrY'],
  ['a private key that was cut off', key.slice(0, 60), 'MHcCAQEEIIrY'],
])('takes the secret out of %s', (_, text, secret) => {
  expect(text).toContain(secret)
  expect(redact(text)).not.toContain(secret)
  expect(redact(text)).toContain('***')
})

test.each([
  'mount: ready id=photos ms=12',
  'http://127.0.0.1:4711/photos/a.txt',
  'http://127.0.0.1:4711/photos/ann@home.txt',
  'https://ann@example.com/',
  `file ${segment}.jpg in /home/me/${segment}.jpg`,
  'the bearer of bad news',
  '{"version":1,"drives":[]}',
])('leaves what is no secret as it is: %s', (text) => {
  expect(redact(text)).toBe(text)
})

test('keeps what surrounds a secret', () => {
  expect(redact(`PUT http://127.0.0.1:4711/${segment}/a.txt 201`)).toBe(
    'PUT http://127.0.0.1:4711/***/a.txt 201',
  )
})
