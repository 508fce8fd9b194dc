import { errnoOfStatus, VolumeError } from '../errno.ts'
import type { Reply } from '../transport/dav-agent.ts'

/** Does nothing for a 2xx. @throws VolumeError by the agent's table. */
export function checkStatus(status: number, what: string): void {
  const errno = errnoOfStatus(status)
  if (errno !== undefined) throw new VolumeError(errno, `${what}: ${status}`, status)
}

/** As `checkStatus`, and a 207, which tells of members that failed, is EBUSY (webdavfs-403: N:4906-4941). */
export function checkWhole(reply: Reply, what: string): void {
  if (reply.status === 207) throw new VolumeError('EBUSY', `${what}: some members failed`, 207)
  checkStatus(reply.status, what)
}

/** `parse`'s result. @throws VolumeError EIO when the document is not well-formed. */
export function parsed<T>(reply: Reply, what: string, parse: (document: string) => T): T {
  try {
    return parse(reply.body.toString('utf8'))
  } catch (error) {
    throw new VolumeError('EIO', `${what}: the reply cannot be parsed`, reply.status, error)
  }
}
