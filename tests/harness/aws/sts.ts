import { randomUUID } from 'node:crypto'

import type { AwsAccount, AwsKey, AwsRole } from './account.ts'
import { startAwsService, type AwsReply, type AwsRequest, type AwsService } from './service.ts'
import { verifySignature, type SignatureRefusal } from './verify-signature.ts'

export interface StsOptions {
  readonly account: AwsAccount
  readonly nowMs: () => number
}

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/'

/** AWS's Security Token Service: AssumeRole, AssumeRoleWithWebIdentity, GetCallerIdentity. Signatures are verified. */
export function startSts({ account, nowMs }: StsOptions): Promise<AwsService> {
  return startAwsService({
    nowMs,
    refuse: (code, status) => failure(status, code, 'as the test asked'),
    answer: async (request) => {
      const input = new URLSearchParams(request.body)
      const action = input.get('Action') ?? ''
      if (action === 'AssumeRoleWithWebIdentity') return assumeWithToken(input, account, nowMs())
      const caller = await verifySignature(request, { account, service: 'sts', nowMs: nowMs() })
      if (typeof caller === 'string') return refusal(caller)
      if (action === 'GetCallerIdentity') return callerIdentity(caller, account)
      return action === 'AssumeRole'
        ? assume(input, caller, account, nowMs())
        : failure(400, 'InvalidAction', 'no such action')
    },
  })
}

/** How many requests of one kind a service has had. */
export function countActions(requests: readonly AwsRequest[], action: string): number {
  return requests.filter(({ body }) => new URLSearchParams(body).get('Action') === action).length
}

function assume(input: URLSearchParams, caller: AwsKey, account: AwsAccount, nowMs: number): AwsReply {
  const roleArn = input.get('RoleArn') ?? ''
  const role = account.roles.get(roleArn)
  const denied = (why = ''): AwsReply =>
    failure(
      403,
      'AccessDenied',
      `${why}User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    )
  if (role === undefined || !(role.trusts.includes('*') || role.trusts.includes(trustedArn(caller, account))))
    return denied()
  if (role.externalId !== undefined && input.get('ExternalId') !== role.externalId) return denied()
  if (role.mfa !== undefined) {
    if (input.get('SerialNumber') !== role.mfa.serial) return denied()
    if (input.get('TokenCode') !== role.mfa.code) {
      return denied('MultiFactorAuthentication failed with invalid MFA one time pass code. ')
    }
  }
  return issued('AssumeRole', role, input, account, nowMs)
}

function assumeWithToken(input: URLSearchParams, account: AwsAccount, nowMs: number): AwsReply {
  const role = account.roles.get(input.get('RoleArn') ?? '')
  if (role === undefined)
    return failure(403, 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity')
  if (role.tokens?.includes(input.get('WebIdentityToken') ?? '') !== true) {
    return failure(400, 'InvalidIdentityToken', 'the token is not trusted')
  }
  return issued('AssumeRoleWithWebIdentity', role, input, account, nowMs)
}

function issued(
  action: string,
  role: AwsRole,
  input: URLSearchParams,
  account: AwsAccount,
  nowMs: number,
): AwsReply {
  const seconds = Number(input.get('DurationSeconds') ?? '3600')
  if (!(seconds >= 900 && seconds <= (role.mostSeconds ?? 43_200))) {
    return failure(400, 'ValidationError', 'The requested DurationSeconds exceeds the MaxSessionDuration')
  }
  const roleName = role.arn.split('/').at(-1)!
  const sessionName = input.get('RoleSessionName') ?? ''
  const expiresAtMs = Math.floor(nowMs / 1000 + seconds) * 1000
  const key = account.issue(roleName, sessionName, expiresAtMs)
  return success(
    action,
    `<Credentials><AccessKeyId>${key.accessKeyId}</AccessKeyId><SecretAccessKey>${key.secretAccessKey}</SecretAccessKey>` +
      `<SessionToken>${key.session.token}</SessionToken><Expiration>${new Date(expiresAtMs).toISOString().replace('.000', '')}</Expiration></Credentials>` +
      `<AssumedRoleUser><AssumedRoleId>AROATEST:${sessionName}</AssumedRoleId><Arn>${key.arn}</Arn></AssumedRoleUser>`,
  )
}

function callerIdentity({ arn }: AwsKey, { accountId }: AwsAccount): AwsReply {
  return success(
    'GetCallerIdentity',
    `<Arn>${arn}</Arn><UserId>AIDATEST</UserId><Account>${accountId}</Account>`,
  )
}

/** Trust policies name a role, and not each of its sessions. */
function trustedArn({ arn }: AwsKey, { accountId }: AwsAccount): string {
  const [, roleName] = /:assumed-role\/([^/]+)\//.exec(arn) ?? []
  return roleName === undefined ? arn : `arn:aws:iam::${accountId}:role/${roleName}`
}

function refusal(why: SignatureRefusal): AwsReply {
  switch (why) {
    case 'SignatureExpired':
      return failure(
        403,
        'SignatureDoesNotMatch',
        'Signature expired: 20260101T000000Z is now earlier than 20260101T000500Z',
      )
    case 'SignatureNotYetCurrent':
      return failure(
        403,
        'SignatureDoesNotMatch',
        'Signature not yet current: 20260101T001000Z is still later than 20260101T000500Z',
      )
    case 'SignatureDoesNotMatch':
      return failure(
        403,
        why,
        'The request signature we calculated does not match the signature you provided.',
      )
    case 'ExpiredToken':
      return failure(403, why, 'The security token included in the request is expired')
    case 'InvalidClientTokenId':
    case 'MissingAuthenticationToken':
      return failure(403, why, 'The security token included in the request is invalid.')
  }
}

function success(action: string, result: string): AwsReply {
  const body = `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`
  return { status: 200, headers: { 'content-type': 'text/xml' }, body }
}

function failure(status: number, code: string, message: string): AwsReply {
  const type = status < 500 ? 'Sender' : 'Receiver'
  const body = `<ErrorResponse xmlns="${namespace}"><Error><Type>${type}</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`
  return { status, headers: { 'content-type': 'text/xml' }, body }
}
