import type { ErrorCode } from '../shared/errors.ts'

/**
 * What a failed renewal asks for. `sign-in`: the person at the machine has to do something, and knows how. `person`: somebody has to change
 * something first, in the configuration, at AWS or on this machine. `passing`: trying again is all there is to do.
 */
export type FailureKind = 'sign-in' | 'person' | 'passing'

const kinds: Readonly<Partial<Record<ErrorCode, FailureKind>>> = {
  'sign-in-needed': 'sign-in',
  'sign-in-expired': 'sign-in',
  'mfa-needed': 'sign-in',
  'mfa-rejected': 'sign-in',
  cancelled: 'sign-in',
  'aws-unreachable': 'passing',
  'aws-timeout': 'passing',
  'aws-throttled': 'passing',
  'aws-failed': 'passing',
}

/** What is not known to pass by itself is a person's business: saying nothing about it would end in a drive that stops. */
export function failureKindOf(code: ErrorCode): FailureKind {
  return kinds[code] ?? 'person'
}
