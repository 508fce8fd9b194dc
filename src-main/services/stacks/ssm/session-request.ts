import { nfsPort } from '../connect/find-ways-in.ts'

/** Of AWS's own; it needs no document in the account. */
const documentName = 'AWS-StartPortForwardingSessionToRemoteHost'

/** AWS CLI's name for it; given in argv in place of the session, whose token would be seen there. */
const responseVariable = 'AWS_SSM_START_SESSION_RESPONSE'

/** As `StartSession` takes it. */
export interface SessionRequest {
  readonly Target: string
  readonly DocumentName: string
  readonly Parameters: Record<string, string[]>
  readonly Reason: string
}

/** As `StartSession` gives it: the token opens the session, for a moment. */
export interface SessionGrant {
  readonly SessionId: string
  readonly StreamUrl: string
  readonly TokenValue: string
}

export interface ForwardPlace {
  readonly instanceId: string
  /** The mount target, in the instance's network. */
  readonly remoteHost: string
  /** On this machine's loopback. */
  readonly localPort: number
}

export function sessionRequest({ instanceId, remoteHost, localPort }: ForwardPlace): SessionRequest {
  return {
    Target: instanceId,
    DocumentName: documentName,
    Parameters: {
      host: [remoteHost],
      portNumber: [String(nfsPort)],
      localPortNumber: [String(localPort)],
    },
    Reason: 'Mountbar',
  }
}

export interface PluginCall {
  readonly args: readonly string[]
  /** Holds the token. */
  readonly env: Readonly<Record<string, string>>
}

/** How session-manager-plugin is called since version 1.2.497, by the AWS CLI and here. */
export function pluginCall(
  request: SessionRequest,
  grant: SessionGrant,
  { region, endpoint }: { readonly region: string; readonly endpoint: string },
): PluginCall {
  const profile = ''
  return {
    args: [responseVariable, region, 'StartSession', profile, JSON.stringify(request), endpoint],
    env: { [responseVariable]: JSON.stringify(grant) },
  }
}
