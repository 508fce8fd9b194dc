import type * as CloudFormationSdk from '@aws-sdk/client-cloudformation'
import type * as S3Sdk from '@aws-sdk/client-s3'
import type * as S3FilesSdk from '@aws-sdk/client-s3files'
import type * as SsmSdk from '@aws-sdk/client-ssm'

import type { AwsClientSettings, AwsCredentials } from '../../../shared/aws-access.ts'
import type { StackAws, StackService } from '../ports.ts'
import type { AwsTarget } from '../stack.ts'

/** One thing done with a client. */
export interface ClientCall {
  /** As IAM calls it: `cloudformation:DescribeStacks`. */
  readonly action: string
  readonly target: AwsTarget
  readonly signal: AbortSignal
}

type Work<Client, Sdk, T> = (client: Client, sdk: Sdk) => Promise<T>

/**
 * AWS's clients, each opened for one piece of work and closed after it. Its SDK is loaded with the first use. What the work throws comes out as
 * one of our errors, or as the signal's reason.
 */
export interface Clients {
  cloudFormation<T>(
    call: ClientCall,
    work: Work<CloudFormationSdk.CloudFormationClient, typeof CloudFormationSdk, T>,
  ): Promise<T>
  s3<T>(call: ClientCall, work: Work<S3Sdk.S3Client, typeof S3Sdk, T>): Promise<T>
  s3Files<T>(call: ClientCall, work: Work<S3FilesSdk.S3FilesClient, typeof S3FilesSdk, T>): Promise<T>
  ssm<T>(call: ClientCall, work: Work<SsmSdk.SSMClient, typeof SsmSdk, T>): Promise<T>
}

export function createClients(aws: StackAws): Clients {
  const use = async <Client extends AnyClient, T>(
    service: StackService,
    { action, target, signal }: ClientCall,
    open: (config: ClientConfig) => Client,
    work: (client: Client) => Promise<T>,
  ): Promise<T> => {
    const credentials = await aws.credentialsOf(target.profile, signal)
    const client = open({
      ...aws.settingsFor(service),
      region: target.region,
      credentials: plain(credentials),
    })
    client.middlewareStack.add(aws.noteDates, {
      step: 'deserialize',
      priority: 'low',
      name: 'noteDates',
    })
    try {
      return await work(client)
    } catch (error) {
      signal.throwIfAborted()
      const host = aws.hostOf(service, target.region)
      throw aws.translate(error, { action, host, profile: target.profile })
    } finally {
      client.destroy()
    }
  }
  return {
    cloudFormation: async (call, work) => {
      const sdk = await import('@aws-sdk/client-cloudformation')
      const open = (config: ClientConfig) => new sdk.CloudFormationClient(config)
      return await use('cloudformation', call, open, (client) => work(client, sdk))
    },
    s3: async (call, work) => {
      const sdk = await import('@aws-sdk/client-s3')
      // A server of a test's own has one name, whatever the bucket.
      const open = (config: ClientConfig) =>
        new sdk.S3Client({ ...config, forcePathStyle: config.endpoint !== undefined })
      return await use('s3', call, open, (client) => work(client, sdk))
    },
    s3Files: async (call, work) => {
      const sdk = await import('@aws-sdk/client-s3files')
      const open = (config: ClientConfig) => new sdk.S3FilesClient(config)
      return await use('s3files', call, open, (client) => work(client, sdk))
    },
    ssm: async (call, work) => {
      const sdk = await import('@aws-sdk/client-ssm')
      const open = (config: ClientConfig) => new sdk.SSMClient(config)
      return await use('ssm', call, open, (client) => work(client, sdk))
    },
  }
}

interface ClientConfig extends AwsClientSettings {
  readonly region: string
  readonly credentials: ReturnType<typeof plain>
}

interface AnyClient {
  readonly middlewareStack: {
    add(
      step: StackAws['noteDates'],
      options: { readonly step: 'deserialize'; readonly priority: 'low'; readonly name: string },
    ): void
  }
  destroy(): void
}

/** The SDK copies what it gets, which the object of a session does not let itself be. */
function plain({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials) {
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
}
