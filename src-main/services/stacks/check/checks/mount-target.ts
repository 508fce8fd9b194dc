import { AppError } from '../../../../shared/errors.ts'
import type { MountTargetFacts } from '../../aws/s3files.ts'
import { passed, type DriveCheck } from '../drive-check.ts'

export const mountTarget: DriveCheck = {
  id: 'mount-target',
  title: 'Mount target',
  applicable: () => true,
  check: async (facts) => {
    const { fileSystemId, server } = facts.drive
    const all = await facts.mountTargets()
    const one = theOneInUse(all, server.host)
    if (one === undefined) throw new AppError('mount-target-missing', { fileSystemId })
    const { status, statusMessage, ipv4Address = '', availabilityZoneId = '' } = one
    if (status === 'available' || status === 'updating')
      return passed(`${ipv4Address} in ${availabilityZoneId}`)
    throw new AppError('mount-target-not-ready', {
      fileSystemId,
      status,
      ...(statusMessage !== undefined && { reason: statusMessage }),
    })
  },
}

/** A load balancer's name does not tell which mount target is behind it; then any that is there will do. */
function theOneInUse(all: readonly MountTargetFacts[], host: string): MountTargetFacts | undefined {
  return (
    all.find(({ ipv4Address }) => ipv4Address === host) ??
    all.find(({ status }) => status === 'available') ??
    all[0]
  )
}
