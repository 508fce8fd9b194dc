import type { AwsPlace } from '../ports.ts'
import type { AwsClientSettings } from '../../../shared/aws-access.ts'
import type { VitalsAws, VitalsService } from './vitals-aws.ts'

export interface Question extends AwsPlace {
  readonly service: VitalsService
  /** As IAM calls it. */
  readonly action: string
  readonly signal: AbortSignal
}

export type ClientConfig = AwsClientSettings & {
  readonly region: string
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
}

interface AnyClient {
  readonly middlewareStack: {
    add(
      step: VitalsAws['noteDates'],
      options: { readonly step: 'deserialize'; readonly priority: 'low'; readonly name: string },
    ): void
  }
  destroy(): void
}

/**
 * One question with a client of its own, which is gone with its secrets when it has been answered.
 * @throws AppError by `aws.translate`, or the signal's reason.
 */
export async function ask<Client extends AnyClient, T>(
  aws: VitalsAws,
  { service, action, region, profile, signal }: Question,
  open: (config: ClientConfig) => Client,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const { accessKeyId, secretAccessKey, sessionToken } = await aws.credentialsOf(profile, signal)
  const client = open({
    ...aws.settingsFor(service),
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
  })
  client.middlewareStack.add(aws.noteDates, { step: 'deserialize', priority: 'low', name: 'noteDates' })
  try {
    return await work(client)
  } catch (error) {
    signal.throwIfAborted()
    const host = aws.hostOf(service, region)
    throw aws.translate(error, { action, host, ...(profile !== undefined && { profile }) })
  } finally {
    client.destroy()
  }
}
