import { errnoOf } from './errno.ts'
import { close, fsync, open } from './fs-calls.ts'

/** Puts the names in `dir` on the disk: without it, a power cut may take back a rename that was answered for. */
export async function syncDirectory(dir: string): Promise<void> {
  const fd = await open(dir, 'r')
  try {
    await syncOpenDirectory(fd)
  } finally {
    await close(fd)
  }
}

/** `syncDirectory` for whoever does it often and keeps the directory open. */
export async function syncOpenDirectory(fd: number): Promise<void> {
  try {
    await fsync(fd)
  } catch (error) {
    // Some network and FUSE file systems have no such thing for directories; there is nothing more to be had there.
    if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(errnoOf(error) ?? '')) throw error
  }
}
