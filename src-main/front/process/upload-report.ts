import type { Clock } from '../../lib/clock.ts'
import type { FrontEvent } from '../../shared/front-protocol.ts'
import type { UploadInfo } from '../vfs/uploads/upload.ts'
import type { UploadQueue } from '../vfs/uploads/upload-queue.ts'
import type { Say } from './say.ts'

const reportEveryMs = 1_000

/** Half of what a peer takes for one line; ten thousand pending uploads would be more than all of it. */
const maxListCharacters = 512 * 1024

type Readable = Pick<UploadQueue, 'list' | 'totals'>

/** The uploads as one event: those that need attention first, and as many of the others as a line may hold. */
export function uploadsEvent(queue: Readable): Extract<FrontEvent, { type: 'uploads' }> {
  const all = queue.list()
  const ordered = [...all.filter(needsAttention), ...all.filter((upload) => !needsAttention(upload))]
  const uploads: UploadInfo[] = []
  let characters = 0
  for (const upload of ordered) {
    characters += JSON.stringify(upload).length
    if (characters > maxListCharacters) break
    uploads.push(upload)
  }
  return { type: 'uploads', uploads, totals: queue.totals() }
}

/** Says how the uploads stand after every second in which one of them moved, and once more when all have arrived. */
export function reportUploads(queue: Readable, clock: Clock, say: Say): Disposable {
  let lastSaid = ''
  const tick = (): void => {
    const { pending, attention } = queue.totals()
    // Ages and rates change by themselves; what counts as movement is what the uploads do.
    const now =
      pending + attention === 0
        ? ''
        : JSON.stringify(
            queue.list().map(({ id, state, sentBytes, attempts }) => [id, state, sentBytes, attempts]),
          )
    if (now !== lastSaid) say(uploadsEvent(queue))
    lastSaid = now
    timer = clock.setTimeout(tick, reportEveryMs).unref()
  }
  let timer = clock.setTimeout(tick, reportEveryMs).unref()
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() }
}

function needsAttention({ state }: UploadInfo): boolean {
  return state === 'attention'
}
