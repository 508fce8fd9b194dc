import { AppError } from '../../../shared/errors.ts'
import type { Clients } from '../aws/clients.ts'
import type { AwsTarget } from '../stack.ts'
import type { SessionGrant, SessionRequest } from './session-request.ts'

/** @throws AppError `ssm-instance-offline`, or what AWS and the network do. */
export async function startSession(
  request: SessionRequest,
  target: AwsTarget,
  clients: Pick<Clients, 'ssm'>,
  signal: AbortSignal,
): Promise<SessionGrant> {
  const call = { action: 'ssm:StartSession', target, signal }
  return await clients.ssm(call, async (client, { StartSessionCommand, TargetNotConnected }) => {
    try {
      const answer = await client.send(new StartSessionCommand(request), { abortSignal: signal })
      const { SessionId = '', StreamUrl = '', TokenValue = '' } = answer
      return { SessionId, StreamUrl, TokenValue }
    } catch (error) {
      if (!(error instanceof TargetNotConnected)) throw error
      throw new AppError('ssm-instance-offline', { instanceId: request.Target }, { cause: error })
    }
  })
}
