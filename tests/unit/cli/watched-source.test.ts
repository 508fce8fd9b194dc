import { expect, test } from 'vitest'

import { watchSource } from '../../../src-main/cli/bridges/watched-source.ts'
import type { IssuedIdentity } from '../../../src-main/services/bridge/ports.ts'
import { AppError, type ErrorCode } from '../../../src-main/shared/errors.ts'

const identity: IssuedIdentity = {
  certificatePem: '',
  privateKeyPem: '',
  issuedAtMs: 0,
  notBeforeMs: 0,
  expiresAtMs: 0,
}
const { signal } = new AbortController()
const error = (code: ErrorCode) => ({ code, args: {} })

test('a bridge whose identity is over says what kept the next one from coming', async () => {
  const outcomes: (AppError | undefined)[] = [undefined, new AppError('mfa-needed'), undefined]
  const { issue, explain } = watchSource(() => {
    const outcome = outcomes.shift()
    return outcome === undefined ? Promise.resolve(identity) : Promise.reject(outcome)
  })
  const said = (): readonly ErrorCode[] =>
    (['identity-expired', 'server-closed'] as const).map((code) => explain(error(code)).code)

  await issue(signal)
  expect(said()).toEqual(['identity-expired', 'server-closed'])
  await expect(issue(signal)).rejects.toMatchObject({ code: 'mfa-needed' })
  expect(said()).toEqual(['mfa-needed', 'server-closed'])
  await issue(signal)
  expect(said()).toEqual(['identity-expired', 'server-closed'])
})
