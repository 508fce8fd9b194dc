import type { Clock } from '../../../src-main/lib/clock.ts'
import type { NodeTree } from './caches/node-tree.ts'
import type { Recorder } from './report/recorder.ts'
import type { DavAgent } from './transport/dav-agent.ts'
import type { KextCalls } from './transport/kext-calls.ts'
import type { WorkerThreads } from './transport/worker-threads.ts'

/** What all operations on one mounted volume work with. */
export interface VolumeParts {
  readonly clock: Clock
  readonly recorder: Recorder
  readonly agent: DavAgent
  readonly threads: WorkerThreads
  readonly calls: KextCalls
  readonly tree: NodeTree
  /** The server offered class 1 only (webdavfs-403: N:2835-2849). */
  readonly isReadOnly: boolean
  /** Whether statfs goes to the server: only where quota was answered at mount (webdavfs-403: VF:568-570). */
  readonly hasQuota: boolean
  /** Where the SAX parser's input buffer ends, should it have one; see `readHref`. */
  readonly parserBufferBytes: number | undefined
}
