import { AppError } from '../../../../shared/errors.ts'
import { passed, type DriveCheck } from '../drive-check.ts'

export const fileSystem: DriveCheck = {
  id: 'file-system',
  title: 'File system',
  applicable: () => true,
  check: async (facts) => {
    const { fileSystemId, status, statusMessage, bucket, prefix } = await facts.fileSystem()
    if (status === 'available' || status === 'updating')
      return passed(`${fileSystemId}, on the bucket ${bucket}${prefix === '' ? '' : `, ${prefix}`}`)
    throw new AppError('file-system-not-ready', {
      fileSystemId,
      status,
      ...(statusMessage !== undefined && { reason: statusMessage }),
    })
  },
}
