import { describe, expect, it } from 'vitest'

import { errnoOf, fromErrno } from '../../../../src-main/front/files/errno.ts'
import { rootPath } from '../../../../src-main/front/vfs/path.ts'
import { AppError } from '../../../../src-main/shared/errors.ts'

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code })
}

describe('a failed system call becomes an AppError', () => {
  it.each([
    ['ENOENT', 'not-found', 'parent-missing'],
    ['ENOTDIR', 'not-found', 'parent-missing'],
    ['EISDIR', 'is-a-directory', 'is-a-directory'],
    ['EACCES', 'permission-denied', 'permission-denied'],
    ['EPERM', 'permission-denied', 'permission-denied'],
    ['EROFS', 'read-only', 'read-only'],
    ['ENAMETOOLONG', 'name-too-long', 'name-too-long'],
    ['ENOSPC', 'no-space', 'no-space'],
    ['EDQUOT', 'no-space', 'no-space'],
    ['EFBIG', 'file-too-large', 'file-too-large'],
    ['EBUSY', 'busy', 'busy'],
    ['EEXIST', 'already-exists', 'already-exists'],
    ['ENOTEMPTY', 'already-exists', 'already-exists'],
    ['EMFILE', 'stalled', 'stalled'],
    ['ETIMEDOUT', 'stalled', 'stalled'],
    ['EIO', 'backend-failed', 'backend-failed'],
    ['EWHATEVER', 'backend-failed', 'backend-failed'],
  ])('%s: %s for what should be there, %s for what should come', (errno, forUse, forCreation) => {
    const cause = systemError(errno)
    expect(fromErrno(cause, rootPath, 'use')).toMatchObject({ code: forUse, args: { path: '/' }, cause })
    expect(fromErrno(cause, rootPath, 'create')).toMatchObject({ code: forCreation, cause })
  })

  it('unless it is one already', () => {
    const error = new AppError('busy')
    expect(fromErrno(error, rootPath, 'use')).toBe(error)
  })

  it.each([new Error('no code'), 'a string', undefined, new AppError('busy')])(
    'and %s is no system error',
    (thrown) => {
      expect(errnoOf(thrown)).toBeUndefined()
    },
  )
})
