import { randomUUID } from 'node:crypto'

import type { Clock } from '../../lib/clock.ts'
import type { Credentials } from '../../services/credentials/credentials.ts'
import type { AskMfaCode } from '../../services/credentials/ports.ts'
import { isBroken } from '../../services/credentials/profiles/preflight.ts'
import { createClients, type Clients } from '../../services/stacks/aws/clients.ts'
import { createPublicAddress } from '../../services/stacks/aws/public-address.ts'
import { createDeployments, type Deployments } from '../../services/stacks/deploy/deployments.ts'
import { createReadTemplate } from '../../services/stacks/deploy/read-template.ts'
import type { PublicAddress } from '../../services/stacks/deploy/public-address.ts'
import type { StackAws } from '../../services/stacks/ports.ts'
import type { AwsTarget } from '../../services/stacks/stack.ts'
import { AppError } from '../../shared/errors.ts'
import { askAws } from '../aws/ask-aws.ts'

export interface OpenStacksOptions {
  /** Stay the caller's, who disposes them after the last use of stacks. */
  readonly credentials: Credentials
  /** Asks the person who is there for the code of an authenticator; absent where nobody is. */
  readonly askMfaCode?: AskMfaCode | undefined
  /** The templates lie beside it. */
  readonly programUrl: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
}

/** The AWS side of drives, as command and app work with it. */
export interface Stacks {
  readonly deployments: Deployments
  readonly clients: Clients
  readonly aws: StackAws
  readonly publicAddress: PublicAddress
  /**
   * Where to work, for what was chosen: the profile that counts where none is named, and its region.
   * @throws AppError `profile-unknown`, what is wrong with the profile, or `usage` when no region is known.
   */
  targetOf(chosen: { readonly profile?: string; readonly region?: string }): Promise<AwsTarget>
}

export function openStacks({ credentials, askMfaCode, programUrl, env, clock }: OpenStacksOptions): Stacks {
  const { profiles, sessions, sts } = credentials
  const wish = askMfaCode === undefined ? {} : { askMfaCode }
  const aws: StackAws = {
    ...askAws(credentials),
    credentialsOf: async (profile, signal) => (await sessions.sessionFor(profile, signal, wish)).credentials,
    whoIs: async (profile, region, signal) => {
      const session = await sessions.sessionFor(profile, signal, wish)
      return await sts.whoIs(session.credentials, region, signal)
    },
  }
  const clients = createClients(aws)
  const publicAddress = createPublicAddress({ clock, url: env['MOUNTBAR_PUBLIC_ADDRESS_URL'] })
  return {
    aws,
    clients,
    publicAddress,
    deployments: createDeployments({
      aws,
      clients,
      templateOf: createReadTemplate(new URL('./templates/', programUrl)),
      publicAddress,
      newToken: randomUUID,
      clock,
    }),
    targetOf: async ({ profile = profiles.defaultName, region }) => {
      const found = await profiles.find(profile)
      if (isBroken(found)) throw new AppError(found.problem.code, found.problem.args)
      const where = region ?? found.region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION']
      if (where === undefined) {
        const reason = `The AWS profile ${profile} names no region; give one with --region`
        throw new AppError('usage', { reason })
      }
      return { profile, region: where }
    },
  }
}
