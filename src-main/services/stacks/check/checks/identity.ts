import { passed, type DriveCheck } from '../drive-check.ts'

/** Who AWS takes the profile for. Whether that one may mount, no call tells. */
export const identity: DriveCheck = {
  id: 'identity',
  title: 'AWS identity',
  applicable: () => true,
  check: async (facts) => {
    const { arn } = await facts.caller()
    return passed(`${arn} (whether it may mount, only mounting shows)`)
  },
}
