import { startTestFront, type TestFront, type TestFrontOptions } from '../front.ts'
import type { RigBridge } from './rig-bridge.ts'

/**
 * The front process that users run, over a bridge: told of it as by a keeper, also in its later lives. Saves are queued and what was
 * read is kept, as on drives far away.
 */
export async function startBridgeFront(
  { kept }: Pick<RigBridge, 'kept'>,
  options: Omit<TestFrontOptions, 'rootDir' | 'config'> = {},
): Promise<TestFront> {
  const front = await startTestFront({
    ...options,
    config: () => ({ backend: { kind: 'bridge', report: kept.report }, writeMode: 'queued' }),
  })
  const tell = () => front.tell({ type: 'bridge', report: kept.report })
  const following = kept.onReport(tell)
  // It may have changed while the front came up.
  tell()
  const stop = async () => {
    following[Symbol.dispose]()
    await front.stop()
  }
  return {
    ...front,
    get pid() {
      return front.pid
    },
    get hasExited() {
      return front.hasExited
    },
    get exited() {
      return front.exited
    },
    restart: async () => {
      await front.restart()
      tell()
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
