import { expect, test } from 'vitest'

import {
  registrationFileName,
  tokenFileName,
} from '../../../../../src-main/services/credentials/sso/cache-names.ts'
import type { IdentityCenter } from '../../../../../src-main/services/credentials/sso/identity-center.ts'

const startUrl = 'https://d-0000000000.awsapps.com/start'
const region = 'eu-central-1'
const corp: IdentityCenter = { sessionName: 'corp', startUrl, region, scopes: [] }
const odd: IdentityCenter = { ...corp, sessionName: 'Büro "Süd" 😀' }
const oldForm: IdentityCenter = { startUrl, region, scopes: [] }

// Made with Python 3: hashlib.sha1(name.encode()).hexdigest(), the name being that of the session or else the start URL.
test.each([
  { title: 'a session', center: corp, hash: 'ee0bfd2552fbd840c02cc48b6e823320543c450f' },
  { title: 'a session with an odd name', center: odd, hash: 'ab48e4007fc70e42558a903df554f54c766875fb' },
  { title: 'a profile of the old form', center: oldForm, hash: 'b51e627ec5d75dab0c56e37911d5b31610f612e0' },
])('the token of $title is where the AWS CLI looks for it', ({ center, hash }) => {
  expect(tokenFileName(center)).toBe(`${hash}.json`)
})

// Made with Python 3, as the AWS CLI does it:
// hashlib.sha1(json.dumps({'tool': 'botocore', 'startUrl': …, 'region': …, 'scopes': None or […], 'session_name': …}, sort_keys=True).encode())
test.each([
  { title: 'a session', center: corp, hash: 'd6a17ce07667c235f5739d2cb3c260c2a894e037' },
  {
    title: 'a session with scopes',
    center: { ...corp, scopes: ['sso:account:access', 'codewhisperer:completions'] },
    hash: '7cfa5a416b57e76c5aabeb78fdff43a0d5c73138',
  },
  { title: 'a session with an odd name', center: odd, hash: '7f73fcab328bba6da5f7d5b98b485b437251fe51' },
  { title: 'a profile of the old form', center: oldForm, hash: '5e6f9685ebfd5c75622a12e66abf22c7b1b7b944' },
])('the registration for $title is where the AWS CLI looks for it', ({ center, hash }) => {
  expect(registrationFileName(center)).toBe(`${hash}.json`)
})
