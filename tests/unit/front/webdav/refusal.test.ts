import { expect, test } from 'vitest'

import { HttpRefusal, statusFor } from '../../../../src-main/front/webdav/refusal.ts'
import { AppError, errorCodes } from '../../../../src-main/shared/errors.ts'

const safeForMacos = [403, 404, 413, 414, 423, 507]

test.each(errorCodes)('macOS never hears a status for %s that it would misread', (code) => {
  expect(safeForMacos).toContain(statusFor(new AppError(code), 'macos'))
})

test.each([400, 401, 403, 404, 405, 409, 411, 412, 413, 415, 422, 423, 500, 502, 503, 507])(
  'macOS never hears a raw %i',
  (status) => {
    expect(safeForMacos).toContain(statusFor(new HttpRefusal(status), 'macos'))
  },
)

test('a missing file is the only kind of failure that macOS is told is missing', () => {
  const saidMissing = errorCodes.filter((code) => statusFor(new AppError(code), 'macos') === 404)
  expect(saidMissing).toEqual(['not-found', 'not-a-directory', 'parent-missing'])
})

test('an unforeseen failure is 500 by the standard and "permission denied" to macOS, for which 500 means the file is gone', () => {
  expect(statusFor(new TypeError('bug'), 'standard')).toBe(500)
  expect(statusFor(new TypeError('bug'), 'macos')).toBe(403)
})
