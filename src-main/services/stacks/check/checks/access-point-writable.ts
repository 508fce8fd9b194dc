import { AppError } from '../../../../shared/errors.ts'
import { passed, untried, type DriveCheck } from '../drive-check.ts'
import { mayWrite } from '../may-write.ts'

/** By what the access point says of itself: what the folder is like by now, only mounting shows. */
export const accessPointWritable: DriveCheck = {
  id: 'access-point-writable',
  title: 'Saving through the access point',
  applicable: ({ drive }) => drive.accessPointId !== undefined && !drive.readOnly,
  check: async (facts) => {
    const { accessPointId } = facts.drive
    const one = (await facts.accessPoints()).find((point) => point.accessPointId === accessPointId)
    if (one === undefined) return untried('there is no such access point')
    const { user, folder } = one
    switch (mayWrite(one)) {
      case 'yes':
        return passed(user?.uid === 0 ? 'as user 0, who may' : `${folder} is made for its user`)
      case 'unknown':
        return untried('its folder may have been there before; only mounting shows who may write there')
      case 'no':
        throw new AppError('access-point-read-only', {
          accessPointId: one.accessPointId,
          folder,
          ...(user !== undefined && { uid: user.uid }),
        })
    }
  },
}
