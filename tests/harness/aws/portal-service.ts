import type { AwsAccount } from './account.ts'
import type { ServiceFaults } from './faults.ts'
import type { IdentityCenterState } from './identity-center-state.ts'
import { json } from './replies.ts'
import type { AwsReply, AwsRequest } from './service.ts'

export type PortalOperation = 'GetRoleCredentials' | 'ListAccounts' | 'ListAccountRoles' | 'Logout'

export interface Assignment {
  readonly accountId: string
  readonly accountName: string
  readonly roleName: string
}

const operations: Readonly<Record<string, PortalOperation>> = {
  'GET /federation/credentials': 'GetRoleCredentials',
  'GET /assignment/accounts': 'ListAccounts',
  'GET /assignment/roles': 'ListAccountRoles',
  'POST /logout': 'Logout',
}

export interface PortalServiceParts {
  readonly state: IdentityCenterState
  /** Where the credentials that it gives out are known. */
  readonly account: AwsAccount
  readonly assignments: readonly Assignment[]
  readonly faults: ServiceFaults<PortalOperation>
  readonly calls: PortalOperation[]
}

const roleLifeMs = 3_600_000

/** The access portal: role credentials for whoever is signed in and has been assigned the role. */
export async function answerPortal(request: AwsRequest, parts: PortalServiceParts): Promise<AwsReply> {
  const operation = operations[`${request.method} ${request.url.pathname}`]
  if (operation === undefined) return { status: 404 }
  parts.calls.push(operation)
  return await parts.faults.instead(operation, () => answer(operation, request, parts))
}

function answer(
  operation: PortalOperation,
  { headers, url: { searchParams } }: AwsRequest,
  { state, account, assignments }: PortalServiceParts,
): AwsReply {
  const token = headers['x-amz-sso_bearer_token'] ?? ''
  if (!state.isGood(token)) {
    return portalError(401, 'UnauthorizedException', 'Session token not found or invalid')
  }
  const ofAccount = assignments.filter(({ accountId }) => accountId === searchParams.get('account_id'))
  switch (operation) {
    case 'GetRoleCredentials': {
      const role = ofAccount.find(({ roleName }) => roleName === searchParams.get('role_name'))
      return role === undefined
        ? portalError(403, 'ForbiddenException', 'No access')
        : json(200, { roleCredentials: newRoleCredentials(role, account, state) })
    }
    case 'ListAccounts': {
      const names = new Map(assignments.map(({ accountId, accountName }) => [accountId, accountName]))
      return json(200, {
        accountList: [...names].map(([accountId, accountName]) => ({ accountId, accountName })),
      })
    }
    case 'ListAccountRoles':
      return json(200, {
        roleList: ofAccount.map(({ accountId, roleName }) => ({ accountId, roleName })),
      })
    case 'Logout':
      state.endSignIn(token)
      return { status: 200 }
  }
}

function newRoleCredentials({ roleName }: Assignment, account: AwsAccount, state: IdentityCenterState) {
  const expiration = state.now() + roleLifeMs
  const { accessKeyId, secretAccessKey, session } = account.issue(roleName, 'a.person', expiration)
  state.secrets.push(secretAccessKey, session.token)
  return { accessKeyId, secretAccessKey, sessionToken: session.token, expiration }
}

export function portalError(status: number, name: string, message: string): AwsReply {
  return json(status, { message, __type: name }, { 'x-amzn-ErrorType': name })
}
