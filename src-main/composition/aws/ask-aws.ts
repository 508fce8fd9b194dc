import { clientSettings, hostOf } from '../../services/credentials/aws/client-settings.ts'
import { noteDates } from '../../services/credentials/aws/clock-skew.ts'
import { translateAwsError } from '../../services/credentials/aws/translate-aws-error.ts'
import type { Credentials } from '../../services/credentials/credentials.ts'
import type { StackAws } from '../../services/stacks/ports.ts'
import type { VitalsAws } from '../../services/vitals/aws/vitals-aws.ts'

/** What services that ask AWS by themselves take from credentials, which they do not import. Asks nobody for a code or a sign-in. */
export function askAws({
  profiles,
  sessions,
  skew,
  settings,
}: Credentials): VitalsAws & Omit<StackAws, 'whoIs'> {
  return {
    credentialsOf: async (profile = profiles.defaultName, signal) => {
      return (await sessions.sessionFor(profile, signal)).credentials
    },
    settingsFor: (service) => clientSettings(service, settings),
    hostOf: (service, region) => hostOf(service, region, settings),
    noteDates: noteDates(skew),
    skewMs: () => skew.skewMs,
    translate: (error, call) => translateAwsError(error, call, skew),
  }
}
