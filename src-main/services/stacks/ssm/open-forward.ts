import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Clients } from '../aws/clients.ts'
import type { AwsTarget } from '../stack.ts'
import { findPlugin } from './find-plugin.ts'
import { keepForward, type Forward } from './forward.ts'
import { freePort } from './free-port.ts'
import { startPlugin } from './plugin-process.ts'
import { pluginCall, sessionRequest } from './session-request.ts'
import { startSession } from './start-session.ts'

export interface OpenForwardOptions {
  readonly target: AwsTarget
  readonly instanceId: string
  /** The mount target, in the instance's network. */
  readonly remoteHost: string
}

export interface OpenForwardParts {
  readonly clients: Pick<Clients, 'ssm'>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Of Systems Manager, for the plugin; AWS's usual one where absent. */
  readonly endpoint?: string | undefined
  readonly clock: Clock
  readonly log: Logger
  readonly random: () => number
}

/**
 * Forwards a port of this machine's loopback to a mount target, through the instance of a stack with the way in `ssm`.
 * @throws AppError `ssm-plugin-missing`, `ssm-instance-offline`, `ssm-session-failed`, or what AWS and the network do.
 */
export async function openForward(
  { target, instanceId, remoteHost }: OpenForwardOptions,
  { clients, env, endpoint, clock, log, random }: OpenForwardParts,
  signal: AbortSignal,
): Promise<Forward> {
  const programPath = await findPlugin(env)
  if (programPath === undefined) throw new AppError('ssm-plugin-missing')
  const localPort = await freePort()
  const request = sessionRequest({ instanceId, remoteHost, localPort })
  const { region } = target
  const where = { region, endpoint: endpoint ?? `https://ssm.${region}.amazonaws.com` }
  const open = async (openSignal: AbortSignal) => {
    const grant = await startSession(request, target, clients, openSignal)
    const call = pluginCall(request, grant, where)
    return await startPlugin({ programPath, call, instanceId, env, clock, signal: openSignal })
  }
  return await keepForward({ localPort, open, clock, log, random }, signal)
}
