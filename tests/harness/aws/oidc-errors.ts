import { json } from './replies.ts'
import type { AwsReply } from './service.ts'

/** By AWS's names: the status and the name that OAuth has for it. */
const errors = {
  AccessDeniedException: [400, 'access_denied'],
  AuthorizationPendingException: [400, 'authorization_pending'],
  ExpiredTokenException: [400, 'expired_token'],
  InternalServerException: [500, 'server_error'],
  InvalidClientException: [401, 'invalid_client'],
  InvalidClientMetadataException: [400, 'invalid_client_metadata'],
  InvalidGrantException: [400, 'invalid_grant'],
  InvalidRedirectUriException: [400, 'invalid_redirect_uri'],
  InvalidRequestException: [400, 'invalid_request'],
  InvalidScopeException: [400, 'invalid_scope'],
  SlowDownException: [400, 'slow_down'],
  ThrottlingException: [429, 'throttling'],
  UnauthorizedClientException: [400, 'unauthorized_client'],
  UnsupportedGrantTypeException: [400, 'unsupported_grant_type'],
} as const

export type OidcErrorName = keyof typeof errors

export function oidcError(name: OidcErrorName, description: string = name): AwsReply {
  const [status, error] = errors[name]
  return json(status, { error, error_description: description }, { 'x-amzn-ErrorType': name })
}
