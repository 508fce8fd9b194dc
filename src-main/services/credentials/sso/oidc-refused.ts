import type { Refusal } from '../../../core/sign-in-state.ts'
import { AppError, type ErrorCode } from '../../../shared/errors.ts'
import { loggableCause, readAwsFailure } from '../aws/aws-failure.ts'
import type { ClockSkew } from '../aws/clock-skew.ts'
import { translateAwsError, type AwsCall } from '../aws/translate-aws-error.ts'

/** AWS's sign-in service has answered with something else than what was asked for, or not at all. */
export class OidcRefused extends Error {
  readonly kind: Refusal['kind']
  readonly appError: AppError

  constructor(kind: Refusal['kind'], appError: AppError) {
    super(`${kind}: ${appError.code}`, { cause: appError })
    this.name = 'OidcRefused'
    this.kind = kind
    this.appError = appError
  }

  get refusal(): Refusal {
    return { kind: this.kind, error: this.appError.toJSON() }
  }
}

export interface OidcCall extends AwsCall {
  /** What it means that the code or the refresh token of this call is good no longer. */
  readonly whenGrantEnded: ErrorCode
}

/** Every error that the service has a name for, and what can be done about it. */
const kindByName: Readonly<Record<string, Refusal['kind']>> = {
  AuthorizationPendingException: 'pending',
  SlowDownException: 'slow-down',
  InvalidClientException: 'client-rejected',
  UnauthorizedClientException: 'client-rejected',
  InvalidClientMetadataException: 'method-unsupported',
  InvalidRedirectUriException: 'method-unsupported',
  UnsupportedGrantTypeException: 'method-unsupported',
  ExpiredTokenException: 'final',
  InvalidGrantException: 'final',
  AccessDeniedException: 'final',
  InvalidScopeException: 'final',
  InvalidRequestException: 'final',
  InvalidRequestRegionException: 'final',
}

const grantEndedNames = ['ExpiredTokenException', 'InvalidGrantException']

/** Translates an error of the SDK's OIDC client. */
export function oidcRefused(error: unknown, call: OidcCall, skew: ClockSkew): OidcRefused {
  if (error instanceof OidcRefused) return error
  const failure = readAwsFailure(error)
  const kind = kindByName[failure.name]
  if (kind === undefined) {
    const appError = translateAwsError(error, call, skew)
    const isAnswered = failure.status !== undefined && failure.status < 500 && failure.status !== 429
    return new OidcRefused(isAnswered ? 'final' : 'passing', appError)
  }
  const cause = loggableCause(failure)
  if (grantEndedNames.includes(failure.name)) {
    return new OidcRefused(kind, new AppError(call.whenGrantEnded, {}, { cause }))
  }
  if (failure.name === 'AccessDeniedException') {
    return new OidcRefused(kind, new AppError('sign-in-denied', {}, { cause }))
  }
  const args = { reason: reasonOf(error) ?? failure.name }
  return new OidcRefused(kind, new AppError('sign-in-refused', args, { cause }))
}

const longestReason = 200

/** AWS's own words, which name what is wrong in the configuration: the start URL, the region, a scope. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('error_description' in error)) return undefined
  const { error_description: words } = error
  if (typeof words !== 'string' || words.trim() === '') return undefined
  return words.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ').slice(0, longestReason)
}
