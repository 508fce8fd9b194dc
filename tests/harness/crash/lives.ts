import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'

import type { DurableStep } from '../../../src-main/front/vfs/uploads/upload-store.ts'
import type { FaultInput } from '../../fakes/faults.ts'
import { seededRandom } from '../../fakes/seeded-random.ts'
import { davClient } from '../dav-client.ts'
import type { FrontEvent } from '../../../src-main/shared/front-protocol.ts'
import { startFaultFront, type FaultFront } from '../fault-front.ts'
import { waitFor, within } from '../wait-for.ts'
import { davHistoryClient } from './dav-history-client.ts'
import { History } from './history.ts'
import { observeOnDisk } from './observe.ts'

/** How one life of the front ends. */
export type Death =
  | { readonly kind: 'at-step'; readonly step: DurableStep; readonly nth: number }
  | { readonly kind: 'after'; readonly ms: number }

export interface LivesReport {
  readonly lives: number
  /** Changes that were answered, over all histories. */
  readonly answered: number
}

const histories = 12
const longestLifeMs = 90_000
/** From its last connection to its exit: a thread that waits for the disk holds a killed process back. */
const dyingLimitMs = 10_000
/** Slow enough for uploads to be there when what is above them is moved or removed. */
const slowDelivery: FaultInput = {
  effect: { kind: 'latency', latencyMs: 20, jitterMs: 250 },
  methods: ['write'],
}
const troubles: readonly FaultInput[] = [
  { effect: { kind: 'stall' } },
  { effect: { kind: 'stall' }, methods: ['write'] },
  { effect: { kind: 'body-stall', afterBytes: 1_000 }, methods: ['write'] },
  { effect: { kind: 'lost-answer', code: 'stalled' }, methods: ['write'], times: 4 },
  { effect: { kind: 'lost-answer', code: 'backend-failed' }, methods: ['move', 'remove'], times: 2 },
  { effect: { kind: 'disconnect', afterBytes: 500, code: 'backend-failed' }, methods: ['write'], times: 6 },
  { effect: { kind: 'error', code: 'backend-failed' }, methods: ['write', 'stat'], times: 8 },
]

/**
 * Lets several clients change their folders on one drive while its front dies again and again as `deaths` say, each time
 * starts anew, and must then show all that was answered, and nothing else; in the end the backend must have it, too.
 * @throws with seed and history when anything is lost, doubled or mixed, or when a step to die at is never reached.
 */
export async function liveThrough(
  seed: number,
  deaths: (random: () => number) => Iterable<Death>,
): Promise<LivesReport> {
  const random = seededRandom(seed)
  await using front = await startFaultFront({ seed })
  const dav = davClient(front)
  const all = Array.from({ length: histories }, (_, index) => {
    const ownRandom = seededRandom(seed * 1_000 + index)
    const name = `history-${index}`
    return new History({
      client: davHistoryClient(dav, front.url, name),
      name,
      random: ownRandom,
      isGone: () => isGone(front),
    })
  })
  for (const { name } of all) await dav('MKCOL', name)

  let lives = 0
  try {
    for (const death of deaths(random)) {
      await liveOnce(front, all, death, random)
      await front.restart()
      lives += 1
      await Promise.all(all.map((history) => history.check()))
      if (lives % 5 === 0) await checkBackend(front, all)
    }
    await checkBackend(front, all)
  } catch (error) {
    throw new Error(`seed ${seed}, life ${lives + 1}: ${error instanceof Error ? error.message : ''}`, {
      cause: error,
    })
  }
  return { lives, answered: all.reduce((sum, { answered }) => sum + answered, 0) }
}

async function liveOnce(
  front: FaultFront,
  all: readonly History[],
  death: Death,
  random: () => number,
): Promise<void> {
  const ending = new AbortController()
  const isOver = (): boolean => ending.signal.aborted
  for (const history of all) history.note(`dies ${JSON.stringify(death)}`)
  await front.inject(slowDelivery)
  if (death.kind === 'at-step') await front.dieAt(death.step, death.nth)
  const trouble = random() < 0.6 ? makeTrouble(front, random) : Promise.resolve()
  const living = Promise.all(all.map((history) => history.live(isOver)))
  living.catch(() => ending.abort())
  // Each is waited for in the end.
  trouble.catch(() => undefined)
  if (death.kind === 'after') {
    await Promise.race([sleep(death.ms), living])
    await front.kill9()
  } else await within(front.exited, `the front to reach ${death.step}`, longestLifeMs)
  ending.abort()
  await Promise.all([living, trouble])
}

/** Whether it has died. Its connections and its channel end before that is known. */
function isGone(front: FaultFront): Promise<boolean> {
  return within(front.exited, 'the front to be gone', dyingLimitMs).then(
    () => true,
    () => false,
  )
}

/** One thing goes wrong for a while. */
async function makeTrouble(front: FaultFront, random: () => number): Promise<void> {
  const fault = troubles[Math.floor(random() * troubles.length)]!
  try {
    const injected = await front.inject(fault)
    await sleep(random() * 600)
    await injected.lift()
  } catch (error) {
    if (!(await isGone(front))) throw error
  }
}

/** Why, as far as the front has said, and what led there. */
function reasonsIn(events: readonly FrontEvent[], all: readonly History[]): string {
  const reasons = events.filter(({ type }) => type === 'upload-attention' || type === 'warning')
  const told = reasons.map((event) => JSON.stringify(event)).join(', ')
  const touched = all.filter(({ name }) => told.includes(`/${name}/`))
  return [told, ...touched.map((history) => history.story())].join('\n')
}

/** Once all is delivered, the backend has what clients see: no more, no less. */
async function checkBackend(front: FaultFront, all: readonly History[]): Promise<void> {
  await waitFor(
    async () => {
      const { pending, attention } = (await front.status()).uploads
      if (attention > 0) throw new Error(`an upload needs attention: ${reasonsIn(front.events, all)}`)
      return pending === 0
    },
    { what: 'all uploads to be delivered', limitMs: 60_000, everyMs: 50 },
  )
  for (const history of all) history.compare(await observeOnDisk(join(front.rootDir, history.name)))
}
