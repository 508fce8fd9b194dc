import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { clientSettings, hostOf } from '../../services/credentials/aws/client-settings.ts'
import { noteDates } from '../../services/credentials/aws/clock-skew.ts'
import { translateAwsError } from '../../services/credentials/aws/translate-aws-error.ts'
import type { Credentials } from '../../services/credentials/credentials.ts'
import { createCloudWatchMetrics } from '../../services/vitals/aws/cloudwatch-metrics.ts'
import { createS3Objects } from '../../services/vitals/aws/s3-objects.ts'
import type { VitalsAws } from '../../services/vitals/aws/vitals-aws.ts'
import { createVitals } from '../../services/vitals/create-vitals.ts'
import type { Vitals } from '../../services/vitals/vitals.ts'

export interface OpenVitalsOptions {
  /** Stay the caller's, who disposes them after the vitals. */
  readonly credentials: Pick<Credentials, 'sessions' | 'settings' | 'skew'>
  /** The profile that counts where a drive names none. */
  readonly defaultProfile: string
  readonly clock: Clock
  readonly log: Logger
}

/** Vitals that ask AWS as the drives' own profiles. No SDK is loaded before the first question. */
export function openVitals(options: OpenVitalsOptions): Vitals {
  const { clock, log } = options
  const aws = vitalsAws(options)
  return createVitals({
    objects: createS3Objects(aws),
    metrics: createCloudWatchMetrics(aws, () => clock.now()),
    clock,
    log,
  })
}

/** What vitals take from the credentials service. */
export function vitalsAws({
  credentials,
  defaultProfile,
}: Pick<OpenVitalsOptions, 'credentials' | 'defaultProfile'>): VitalsAws {
  const { sessions, settings, skew } = credentials
  return {
    credentialsOf: async (profile, signal) =>
      (await sessions.sessionFor(profile ?? defaultProfile, signal)).credentials,
    settingsFor: (service) => clientSettings(service, settings),
    hostOf: (service, region) => hostOf(service, region, settings),
    noteDates: noteDates(skew),
    skewMs: () => skew.skewMs,
    translate: (error, call) => translateAwsError(error, call, skew),
  }
}
