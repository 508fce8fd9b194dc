import { expect, test } from 'vitest'

import { watchSource } from '../../../src-main/composition/bridges/watched-source.ts'
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
  const { issue, explain } = watchSource(
    () => {
      const outcome = outcomes.shift()
      return outcome === undefined ? Promise.resolve(identity) : Promise.reject(outcome)
    },
    () => undefined,
  )
  const said = (): readonly ErrorCode[] =>
    (['identity-expired', 'server-closed'] as const).map((code) => explain(error(code)).code)

  await issue(signal)
  expect(said()).toEqual(['identity-expired', 'server-closed'])
  await expect(issue(signal)).rejects.toMatchObject({ code: 'mfa-needed' })
  expect(said()).toEqual(['mfa-needed', 'server-closed'])
  await issue(signal)
  expect(said()).toEqual(['identity-expired', 'server-closed'])
})

test('a bridge that is not let in because of this machine’s clock says so', () => {
  const clockErrors: AppError[] = []
  const { explain } = watchSource(
    () => Promise.resolve(identity),
    () => clockErrors[0],
  )
  expect(explain(error('access-denied'))).toEqual(error('access-denied'))
  clockErrors.push(new AppError('clock-skewed', { skewMinutes: 20 }))
  expect(explain(error('access-denied'))).toEqual({ code: 'clock-skewed', args: { skewMinutes: 20 } })
  expect(explain(error('server-closed'))).toEqual(error('server-closed'))
})
