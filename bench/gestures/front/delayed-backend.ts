import type { Backend, Call } from '../../../src-main/front/vfs/backend.ts'
import type { VfsPath } from '../../../src-main/front/vfs/path.ts'
import type { Clock } from '../../../src-main/lib/clock.ts'
import { AppError } from '../../../src-main/shared/errors.ts'
import type { IntervalLog } from './interval-log.ts'
import type { WriteGate } from './write-gate.ts'

export interface BackendCall {
  readonly method: keyof Backend
  readonly path: string
}

export interface DelayOptions {
  readonly clock: Clock
  /** Added before each call does anything. */
  readonly delayMs: number
  readonly calls: IntervalLog<BackendCall>
  /** Writes wait here after their delay. */
  readonly gate: WriteGate
}

/** `inner`, one round trip away. A `read` has been answered when its first byte could be taken. */
export function delayed(inner: Backend, { clock, delayMs, calls, gate }: DelayOptions): Backend {
  const run = async <T>(
    method: keyof Backend,
    path: VfsPath | '',
    { signal }: Call,
    work: () => Promise<T>,
  ): Promise<T> => {
    const end = calls.start({ method, path })
    try {
      if (delayMs > 0) await clock.sleep(delayMs, signal)
      if (method === 'write') await gate.pass(signal)
      return await work()
    } catch (error) {
      throw signal.aborted ? new AppError('cancelled', {}, { cause: error }) : error
    } finally {
      end()
    }
  }
  return {
    list: (path, call) => run('list', path, call, () => inner.list(path, call)),
    stat: (path, call) => run('stat', path, call, () => inner.stat(path, call)),
    read: (path, range, call) => run('read', path, call, () => inner.read(path, range, call)),
    write: (path, body, call) => run('write', path, call, () => inner.write(path, body, call)),
    makeDirectory: (path, call) => run('makeDirectory', path, call, () => inner.makeDirectory(path, call)),
    move: (from, to, call) => run('move', from, call, () => inner.move(from, to, call)),
    remove: (path, call) => run('remove', path, call, () => inner.remove(path, call)),
    statfs: (call) => run('statfs', '', call, () => inner.statfs(call)),
  }
}
