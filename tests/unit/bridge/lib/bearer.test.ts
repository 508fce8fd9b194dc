import { describe, expect, it } from 'vitest'

import { createBearerCheck } from '../../../../docker/bridge/lib/bearer.ts'

const token = '0123456789abcdef'.repeat(4)

describe('the bearer check', () => {
  const isAuthorized = createBearerCheck(token)

  it('takes the token', () => {
    expect(isAuthorized(`Bearer ${token}`)).toBe(true)
  })

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    token,
    `bearer ${token}`,
    `Basic  ${token}`,
    `Bearer  ${token}`,
    `Bearer ${token} `,
    `Bearer ${token.slice(1)}`,
    `Bearer ${token.toUpperCase()}`,
    `1234567${token}`,
  ])('refuses %j', (header) => {
    expect(isAuthorized(header)).toBe(false)
  })
})
