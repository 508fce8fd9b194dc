import type { AwsClientSettings } from '../../../shared/aws-access.ts'
import type { ClockSkew } from './clock-skew.ts'
import type { AwsService, EndpointOf } from '../ports.ts'

/** How all of Mountbar's AWS clients behave. */
export interface AwsSettings {
  readonly endpointOf: EndpointOf
  readonly skew: ClockSkew
  readonly connectLimitMs: number
  readonly answerLimitMs: number
}

export const usualLimits = { connectLimitMs: 5_000, answerLimitMs: 15_000 } as const

const variables: Readonly<Record<AwsService, string>> = {
  sts: 'AWS_ENDPOINT_URL_STS',
  s3files: 'AWS_ENDPOINT_URL_S3FILES',
  cloudwatch: 'AWS_ENDPOINT_URL_CLOUDWATCH',
  s3: 'AWS_ENDPOINT_URL_S3',
  sso: 'AWS_ENDPOINT_URL_SSO',
  'sso-oidc': 'AWS_ENDPOINT_URL_SSO_OIDC',
  cloudformation: 'AWS_ENDPOINT_URL_CLOUDFORMATION',
  ssm: 'AWS_ENDPOINT_URL_SSM',
}

/** The variables that the SDK has for other endpoints, read from `env` so that nothing depends on the process. */
export function endpointsFrom(env: Readonly<Record<string, string | undefined>>): EndpointOf {
  return (service) => env[variables[service]] ?? env['AWS_ENDPOINT_URL']
}

/** What every client of the SDK is made with. */
export function clientSettings(service: AwsService, settings: AwsSettings): AwsClientSettings {
  const endpoint = settings.endpointOf(service)
  return {
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: settings.connectLimitMs,
      requestTimeout: settings.answerLimitMs,
      // Otherwise the SDK only warns.
      throwOnRequestTimeout: true,
    },
    // The SDK would sign with AWS's time and say nothing. The tunnel identity is signed with ours, and then fails without a word.
    disableClockSkewCorrection: true,
    ...(endpoint !== undefined && { endpoint }),
  }
}

/** Where a service is, as a person may see it. */
export function hostOf(service: AwsService, region: string, settings: AwsSettings): string {
  const endpoint = settings.endpointOf(service)
  return endpoint === undefined ? `${service}.${region}.amazonaws.com` : new URL(endpoint).host
}
