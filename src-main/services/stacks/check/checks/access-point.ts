import { AppError, isAppError } from '../../../../shared/errors.ts'
import { passed, untried, type DriveCheck } from '../drive-check.ts'
import type { DriveFacts } from '../drive-facts.ts'
import { requiredAccessPoint } from '../required-access-point.ts'

export const accessPoint: DriveCheck = {
  id: 'access-point',
  title: 'Access point',
  applicable: () => true,
  check: async (facts) => {
    const { accessPointId, fileSystemId } = facts.drive
    const required = await requiredBy(facts)
    const all = accessPointId === undefined ? [] : await facts.accessPoints()
    const one = all.find((facts) => facts.accessPointId === accessPointId)
    if (accessPointId !== undefined && one === undefined)
      throw new AppError('access-point-missing', { accessPointId, fileSystemId })
    if (required !== undefined && required !== one?.accessPointArn) {
      const wanted = required.split('/').at(-1)
      throw new AppError('access-point-needed', {
        fileSystemId,
        ...(wanted?.startsWith('fsap-') === true && { accessPointId: wanted }),
      })
    }
    if (one === undefined) return untried('none is used, and none is asked for')
    if (one.status !== 'available' && one.status !== 'updating')
      throw new AppError('access-point-not-ready', { accessPointId: one.accessPointId, status: one.status })
    return passed(`${one.accessPointId}${one.user === undefined ? '' : `, as user ${one.user.uid}`}`)
  },
}

/** Whoever may not read the policy can still mount. */
async function requiredBy(facts: DriveFacts): Promise<string | undefined> {
  try {
    const policy = await facts.policy()
    return policy === undefined ? undefined : requiredAccessPoint(policy)
  } catch (error) {
    if (isAppError(error, 'aws-denied')) return undefined
    throw error
  }
}
