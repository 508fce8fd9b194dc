import type { Clock } from '../../lib/clock.ts'
import { createEmitter, type Emitter, type Event } from '../../lib/event.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Credentials } from '../../services/credentials/credentials.ts'
import type { FileSystem } from '../../services/drives/drive.ts'
import { createAccessGuard } from '../../services/stacks/access/access-guard.ts'
import { createClients } from '../../services/stacks/aws/clients.ts'
import { createPublicAddress } from '../../services/stacks/aws/public-address.ts'
import { openStackApi } from '../../services/stacks/aws/stack-api.ts'
import { stackOf } from '../../services/stacks/connect/stack-lookup.ts'
import { openForward } from '../../services/stacks/ssm/open-forward.ts'
import type { Forward } from '../../services/stacks/ssm/forward.ts'
import { seenFromContainers } from '../../services/stacks/ssm/seen-from-containers.ts'
import type { SerializedError } from '../../shared/errors.ts'
import { askAws } from '../aws/ask-aws.ts'

/** What lies between a drive's bridge and its mount target. Disposing ends a session there may be. */
export interface DriveAccess extends Disposable {
  /** Where the tunnel connects to; the same for as long as this is held. @throws AppError why no session to the instance can be had. */
  route(signal: AbortSignal): Promise<FileSystem['server']>
  /** What is behind a trouble of the bridge, as far as it is known by now. */
  explain(trouble: SerializedError): SerializedError
  /** The same, found out now. */
  explainNow(trouble: SerializedError): Promise<SerializedError>
  /** `explain` has become another. */
  readonly explained: Event<void>
}

export interface DriveAccessParts {
  /** The drive's own, whose session is there when a route is asked for. */
  readonly credentials: Credentials
  readonly profile: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly log: Logger
}

export function openDriveAccess(
  { fileSystemId, region, server, throughInstanceId }: FileSystem,
  { credentials, profile, env, clock, log }: DriveAccessParts,
): DriveAccess {
  const target = { profile, region }
  const aws = askAws(credentials)
  const clients = createClients({
    ...aws,
    whoIs: async (of, at, signal) =>
      await credentials.sts.whoIs(await aws.credentialsOf(of, signal), at, signal),
  })
  const api = openStackApi(clients, target)
  const lister = { list: (_target: unknown, signal: AbortSignal) => api.list(signal) }
  const guard = createAccessGuard({
    stack: (signal) => stackOf(fileSystemId, target, lister, signal),
    publicAddress: createPublicAddress({ clock, url: env['MOUNTBAR_PUBLIC_ADDRESS_URL'] }),
    clock,
  })
  const explained: Emitter<void> = createEmitter()
  guard.changed.on(() => explained.fire())
  let forward: Forward | undefined

  /** A session that is not there keeps the bridge from everything, whatever that makes of it. */
  const ofForward = (): SerializedError | undefined =>
    forward?.state.kind === 'waiting' ? forward.state.error : undefined
  return {
    explained,
    route: async (signal) => {
      if (throughInstanceId === undefined) return seenFromContainers(server)
      forward = await openForward(
        { target, instanceId: throughInstanceId, remoteHost: server.host },
        { clients, env, endpoint: credentials.settings.endpointOf('ssm'), clock, log, random: Math.random },
        signal,
      )
      forward.changed.on(() => explained.fire())
      return seenFromContainers({ host: '127.0.0.1', port: forward.localPort })
    },
    explain: (trouble) => ofForward() ?? guard.explain(trouble),
    explainNow: async (trouble) => ofForward() ?? (await guard.explainNow(trouble)),
    [Symbol.dispose]: () => {
      guard[Symbol.dispose]()
      // Its program ends by itself, a little later.
      void forward?.[Symbol.asyncDispose]()
    },
  }
}
