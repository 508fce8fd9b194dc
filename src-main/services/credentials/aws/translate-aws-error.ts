import { AppError, type ErrorCode } from '../../../shared/errors.ts'
import { loggableCause, readAwsFailure, type AwsFailure } from './aws-failure.ts'
import { clockSkewed, type ClockSkew } from './clock-skew.ts'

/** What was being done when AWS failed; only what a sentence may show. */
export interface AwsCall {
  /** As IAM calls it: `sts:AssumeRole`. */
  readonly action: string
  readonly host: string
  readonly profile?: string
}

type AwsErrorCode = Extract<
  ErrorCode,
  | 'session-expired'
  | 'credentials-rejected'
  | 'aws-denied'
  | 'aws-throttled'
  | 'aws-timeout'
  | 'aws-unreachable'
  | 'aws-failed'
>

/** Codes of AWS's services that all mean the same to a person. */
const codeByName: Readonly<Record<string, AwsErrorCode>> = {
  ExpiredToken: 'session-expired',
  ExpiredTokenException: 'session-expired',
  TokenRefreshRequired: 'session-expired',
  InvalidClientTokenId: 'credentials-rejected',
  UnrecognizedClientException: 'credentials-rejected',
  InvalidAccessKeyId: 'credentials-rejected',
  InvalidToken: 'credentials-rejected',
  SignatureDoesNotMatch: 'credentials-rejected',
  InvalidSignatureException: 'credentials-rejected',
  IncompleteSignature: 'credentials-rejected',
  AuthFailure: 'credentials-rejected',
  AccessDenied: 'aws-denied',
  AccessDeniedException: 'aws-denied',
  UnauthorizedOperation: 'aws-denied',
  Throttling: 'aws-throttled',
  ThrottlingException: 'aws-throttled',
  ThrottledException: 'aws-throttled',
  TooManyRequestsException: 'aws-throttled',
  RequestLimitExceeded: 'aws-throttled',
  SlowDown: 'aws-throttled',
  TimeoutError: 'aws-timeout',
  ETIMEDOUT: 'aws-timeout',
  ESOCKETTIMEDOUT: 'aws-timeout',
}

const timeNames = ['RequestExpired', 'RequestTimeTooSkewed', 'RequestInTheFuture']
/** A signature whose time is wrong has no name of its own in most services. */
const timeInMessage = /signature (?:expired|not yet current)/i

const networkReasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known here',
  EAI_AGAIN: 'its name is not known here',
  ECONNREFUSED: 'nobody answers there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no network',
  EHOSTDOWN: 'there is no way to it',
  ENETDOWN: 'there is no network',
  EADDRNOTAVAIL: 'there is no network',
}

/** Any error of an SDK call as one of ours. An `AppError` stays what it is. */
export function translateAwsError(error: unknown, call: AwsCall, skew: ClockSkew): AppError {
  if (error instanceof AppError) return error
  const failure = readAwsFailure(error)
  const cause = loggableCause(failure)
  const { action, host, profile } = call
  const who = profile === undefined ? {} : { profile }
  if (isAboutTime(failure)) return clockSkewed(skew.skewMs, cause)
  const code = codeByName[failure.name] ?? codeByStatus(failure)
  switch (code) {
    case 'session-expired':
    case 'credentials-rejected':
      // Both are what a wrong clock looks like to a service that says no more.
      return skew.asError(cause) ?? new AppError(code, who, { cause })
    case 'aws-denied':
      return new AppError(code, { ...who, action }, { cause })
    case 'aws-throttled':
      return new AppError(code, { operation: action }, { cause })
    case 'aws-timeout':
      return new AppError(code, { host }, { cause })
    case 'aws-unreachable':
      return new AppError(code, { host, reason: networkReasons[failure.name] ?? failure.name }, { cause })
    case 'aws-failed':
      return new AppError('aws-failed', { operation: action, reason: failure.name }, { cause })
  }
}

function isAboutTime({ name, message }: AwsFailure): boolean {
  return timeNames.includes(name) || timeInMessage.test(message)
}

function codeByStatus({ name, status }: AwsFailure): AwsErrorCode {
  if (status === 429) return 'aws-throttled'
  if (status !== undefined) return 'aws-failed'
  return name in networkReasons || /^(?:E[A-Z]{3,}|ERR_|CERT_|UNABLE_|DEPTH_|SELF_)/.test(name)
    ? 'aws-unreachable'
    : 'aws-failed'
}
