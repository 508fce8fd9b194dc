import { AppError } from '../../../shared/errors.ts'
import { loggableCause, readAwsFailure } from '../aws/aws-failure.ts'
import { clientSettings, hostOf, type AwsSettings } from '../aws/client-settings.ts'
import { noteDates, noteDatesStep } from '../aws/clock-skew.ts'
import { translateAwsError } from '../aws/translate-aws-error.ts'
import type { SsoAccess } from '../ports.ts'
import { SecretCredentials } from '../sessions/secret-credentials.ts'

/** The access portal of an Identity Center: what a sign-in is good for. */
export interface Portal extends Disposable {
  /** @throws AppError `sign-in-expired` when the token is taken no longer, `sso-role-denied`, or what a network does. */
  roleCredentials(accessToken: string, access: SsoAccess, signal: AbortSignal): Promise<SecretCredentials>
  /** Ends the sign-in at AWS. @throws AppError as above; `sign-in-expired` means that there is nothing to end. */
  logout(accessToken: string, signal: AbortSignal): Promise<void>
}

/** What the portal says, by name, when an account or role is not for this person. */
const deniedNames = ['ForbiddenException', 'AccessDeniedException', 'ResourceNotFoundException']

/** Loads AWS's client, which other commands can do without. */
export async function createPortal(region: string, settings: AwsSettings): Promise<Portal> {
  const sdk = await import('@aws-sdk/client-sso')
  const client = new sdk.SSOClient({ ...clientSettings('sso', settings), region })
  client.middlewareStack.add(noteDates(settings.skew), noteDatesStep)
  const host = hostOf('sso', region, settings)

  const attempt = async <T>(
    action: string,
    signal: AbortSignal,
    work: () => Promise<T>,
    denied: () => AppError | undefined,
  ): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      const failure = readAwsFailure(error)
      if (failure.name === 'UnauthorizedException' || failure.status === 401) {
        throw new AppError('sign-in-expired', {}, { cause: loggableCause(failure) })
      }
      const isDenied = deniedNames.includes(failure.name) || failure.status === 403
      throw (
        (isDenied && denied()) || translateAwsError(error, { action: `sso:${action}`, host }, settings.skew)
      )
    }
  }

  return {
    roleCredentials: (accessToken, { accountId, roleName }, signal) =>
      attempt(
        'GetRoleCredentials',
        signal,
        async () => {
          const command = new sdk.GetRoleCredentialsCommand({ accessToken, accountId, roleName })
          const { roleCredentials } = await client.send(command, { abortSignal: signal })
          const { accessKeyId, secretAccessKey, sessionToken, expiration } = roleCredentials ?? {}
          if (accessKeyId === undefined || secretAccessKey === undefined) {
            throw new AppError('aws-failed', { operation: 'sso:GetRoleCredentials' })
          }
          return new SecretCredentials({
            accessKeyId,
            secretAccessKey,
            sessionToken,
            expiresAtMs: expiration,
          })
        },
        () => new AppError('sso-role-denied', { role: roleName, account: accountId }),
      ),
    logout: (accessToken, signal) =>
      attempt(
        'Logout',
        signal,
        async () => {
          await client.send(new sdk.LogoutCommand({ accessToken }), { abortSignal: signal })
        },
        () => undefined,
      ),
    [Symbol.dispose]: () => client.destroy(),
  }
}
