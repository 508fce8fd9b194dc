import type { Gesture } from './gestures/gesture.ts'
import { measure } from './measure.ts'
import { Results } from './results.ts'
import type { RunningServer, Server } from './servers/server.ts'
import { makeTree, type Contents } from './tree.ts'
import type { Workspace } from './workspace.ts'

export interface RunOptions {
  readonly servers: readonly Server[]
  readonly gestures: readonly Gesture[]
  readonly rounds: number
  readonly delayMs: number
  readonly contents: Contents
  readonly workspace: Workspace
  readonly signal: AbortSignal
  /** Told what is going on, for people who wait. */
  readonly onProgress: (text: string) => void
}

interface Subject {
  readonly server: Server
  readonly running: RunningServer
  readonly rootDir: string
}

/** Far longer than the slowest server needs for the slowest gesture. */
const gestureLimitMs = 300_000

/**
 * Starts every server once, each on a tree of its own, and does every gesture on each of them, round after round, so that
 * whatever the machine does meanwhile hits all alike. A server that fails a gesture is left out of it from then on.
 * @throws only when `signal` is aborted or a server does not start; all servers are stopped in any case.
 */
export async function run(options: RunOptions): Promise<Results> {
  const { servers, gestures, rounds, contents, signal, onProgress } = options
  const results = new Results()
  await using started = new AsyncDisposableStack()
  const subjects: Subject[] = []
  for (const server of servers) {
    onProgress(`starting ${server.label}`)
    subjects.push(started.adopt(await startSubject(server, options), ({ running }) => running.stop()))
  }
  for (let round = 0; round < rounds; round++) {
    for (const gesture of gestures) {
      onProgress(`round ${round + 1} of ${rounds}: ${gesture.title}`)
      // Nobody is always the one that comes after the slowest.
      for (const { server, running, rootDir } of rotated(subjects, round)) {
        if (results.failure(server.id, gesture.id) !== undefined) continue
        try {
          const measuring = measure(running, gesture, { number: round, rootDir, contents, signal })
          results.add(server.id, gesture.id, await orElse(measuring, signal))
        } catch (error) {
          signal.throwIfAborted()
          results.fail(server.id, gesture.id, error instanceof Error ? error.message : String(error))
        }
      }
    }
  }
  return results
}

async function startSubject(server: Server, options: RunOptions): Promise<Subject> {
  const { rounds, contents, workspace, delayMs, signal } = options
  const rootDir = await workspace.makeDir(`${server.id}-root`)
  await makeTree(rootDir, rounds, contents)
  const scratchDir = await workspace.makeDir(`${server.id}-scratch`)
  return { server, rootDir, running: await server.start({ rootDir, scratchDir, delayMs, signal }) }
}

/** `work`, unless it takes far too long or the whole run is to end: a client waits 90 s for a server that is gone. */
async function orElse<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason as Error)
  const limit = setTimeout(() => reject(new Error(`not done in ${gestureLimitMs / 1_000} s`)), gestureLimitMs)
  signal.addEventListener('abort', onAbort, { once: true })
  // When it loses, how it fails is nobody's concern any more.
  work.catch(() => undefined)
  try {
    signal.throwIfAborted()
    return await Promise.race([work, ended])
  } finally {
    clearTimeout(limit)
    signal.removeEventListener('abort', onAbort)
  }
}

function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const first = items.length === 0 ? 0 : by % items.length
  return [...items.slice(first), ...items.slice(0, first)]
}
