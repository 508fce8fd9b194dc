import type { AwsAccount } from './account.ts'
import { awsError, awsJson, startScriptedService } from './scripted-service.ts'
import type { AwsService } from './service.ts'

export interface SystemsManagerOptions {
  readonly account: AwsAccount
  readonly nowMs: () => number
}

/** Systems Manager, as far as sessions are started. The token of the next sessions tells the plugin of the tests what to do. */
export interface SystemsManager {
  readonly service: AwsService
  readonly sessions: readonly StartedSession[]
  /** Instances whose agent is connected. */
  readonly online: Set<string>
  token: string
  isDenied: boolean
}

export interface StartedSession {
  readonly Target: string
  readonly DocumentName: string
  readonly Parameters: Readonly<Record<string, readonly string[]>>
}

export async function startSystemsManager({
  account,
  nowMs,
}: SystemsManagerOptions): Promise<SystemsManager> {
  const sessions: StartedSession[] = []
  const state = { online: new Set<string>(), token: 'forwards', isDenied: false }
  const service = await startScriptedService({
    account,
    signedFor: 'ssm',
    nowMs,
    answer: ({ headers, body }) => {
      if (headers['x-amz-target'] !== 'AmazonSSM.StartSession')
        return awsError(400, 'UnknownOperationException')
      if (state.isDenied) return awsError(400, 'AccessDeniedException', 'not authorized: ssm:StartSession')
      const request = JSON.parse(body) as StartedSession
      if (!state.online.has(request.Target))
        return awsError(400, 'TargetNotConnected', `${request.Target} is not connected.`)
      sessions.push(request)
      return awsJson({
        SessionId: `ann-${String(sessions.length).padStart(17, '0')}`,
        StreamUrl: 'wss://ssmmessages.eu-central-1.amazonaws.com/v1/data-channel/ann',
        TokenValue: state.token,
      })
    },
  })
  return Object.assign(state, { service, sessions })
}
