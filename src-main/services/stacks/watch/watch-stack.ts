import type { Clock } from '../../../lib/clock.ts'
import { AppError, isAppError } from '../../../shared/errors.ts'
import type { StackApi } from '../aws/stack-api.ts'
import type { StackEvent } from '../aws/stack-facts.ts'
import type { StackName } from '../stack.ts'
import { explainFailure, fileSystemIdIn, ownFailure, type FileSystemTrouble } from './explain-failure.ts'
import {
  isFinal,
  isStackEvent,
  isStart,
  newestOperation,
  progressOf,
  type OperationProgress,
} from './operation.ts'

export interface WatchOptions {
  readonly api: StackApi
  readonly stackId: string
  /** Of the request that started the operation; without it the newest one is watched. */
  readonly token?: string
  readonly expected: readonly string[]
  /** What a file system says of itself; `undefined` when there is nothing to say. */
  readonly fileSystemTrouble: (fileSystemId: string, signal: AbortSignal) => Promise<string | undefined>
  readonly onProgress: (progress: OperationProgress) => void
  readonly clock: Clock
}

const lookEveryMs = 3_000
/** So long nothing may happen before what the file system says of itself is told: while it is new, it may say something that is no trouble. */
const quietMs = 45_000
/** Longer than CloudFormation waits for any of our resources. */
const watchLimitMs = 3 * 60 * 60_000
/** Requests in a row that may fail before watching does: the network of a laptop comes and goes. */
const failuresAllowed = 20

/** How an operation ended, without a word on whether that is what was wanted. */
export interface OperationEnd {
  readonly status: string
  readonly statusReason: string
  readonly events: readonly StackEvent[]
  readonly trouble?: FileSystemTrouble
}

/**
 * Follows an operation of CloudFormation to its end. An aborted signal ends the watching only.
 * @throws AppError `stack-timeout`, or what AWS does for longer than a moment.
 */
export async function watchStack(options: WatchOptions, signal: AbortSignal): Promise<OperationEnd> {
  const { api, stackId, token, expected, onProgress, clock } = options
  const limitMs = clock.monotonicMs() + watchLimitMs
  let known: readonly StackEvent[] = []
  let movedAtMs = clock.monotonicMs()
  let trouble: FileSystemTrouble | undefined
  for (let failures = 0; ;) {
    signal.throwIfAborted()
    try {
      const before = known.length
      known = await withNewEvents(api, stackId, known, signal)
      if (known.length > before) movedAtMs = clock.monotonicMs()
      failures = 0
    } catch (error) {
      failures += 1
      if (failures > failuresAllowed || !isPassing(error)) throw error
    }
    const events = newestOperation(known, token)
    trouble = await troubleOf(events, options, trouble, signal)
    const isQuiet = clock.monotonicMs() - movedAtMs >= quietMs
    const shown = isQuiet && trouble !== undefined ? { trouble: trouble.reason } : {}
    if (events.length > 0) onProgress({ ...progressOf(events, expected), ...shown })
    const end = endOf(events)
    // A file system that is complete to CloudFormation may need a moment more.
    const isSettled = trouble === undefined || isQuiet || end?.status.includes('COMPLETE') !== true
    if (end !== undefined && (isSettled || isUndone(end.status)))
      return {
        status: end.status,
        statusReason: end.reason,
        events,
        ...(trouble !== undefined && { trouble }),
      }
    if (clock.monotonicMs() > limitMs) throw new AppError('stack-timeout')
    await clock.sleep(lookEveryMs, signal)
  }
}

function isUndone(status: string): boolean {
  return /ROLLBACK|^DELETE/.test(status)
}

/** The stack's own last word, when it is one. */
function endOf(events: readonly StackEvent[]): StackEvent | undefined {
  const last = events.findLast(isStackEvent)
  if (last === undefined || !isFinal(last.status)) return undefined
  // Both go on by themselves: with taking back, and with cleaning up.
  const goesOn = ['CREATE_FAILED', 'UPDATE_FAILED']
  return goesOn.includes(last.status) ? undefined : last
}

async function withNewEvents(
  api: StackApi,
  stackId: string,
  known: readonly StackEvent[],
  signal: AbortSignal,
): Promise<readonly StackEvent[]> {
  const newest = known.at(-1)
  const isEnough = newest === undefined ? isStart : ({ id }: StackEvent): boolean => id === newest.id
  const fresh = await api.events(stackId, isEnough, signal)
  return newest === undefined ? fresh : [...known, ...fresh.filter(({ id }) => id !== newest.id)]
}

function isPassing(error: unknown): boolean {
  return isAppError(error, 'aws-unreachable', 'aws-timeout', 'aws-throttled')
}

/** @param before what was said last; it stays what was wrong when the file system is taken back. */
async function troubleOf(
  events: readonly StackEvent[],
  { fileSystemTrouble }: WatchOptions,
  before: FileSystemTrouble | undefined,
  signal: AbortSignal,
): Promise<FileSystemTrouble | undefined> {
  const ofFileSystem = events.findLast(
    ({ logicalId, physicalId }) => logicalId === 'FileSystem' && fileSystemIdIn(physicalId) !== '',
  )
  if (ofFileSystem === undefined || ofFileSystem.status.startsWith('DELETE')) return before
  const fileSystemId = fileSystemIdIn(ofFileSystem.physicalId)
  const reason = await fileSystemTrouble(fileSystemId, signal)
  return reason === undefined ? undefined : { fileSystemId, reason }
}

/**
 * An operation that was to make or change a stack, judged.
 * @throws AppError why it failed; `stack-cancelled` when somebody took it back, here or elsewhere.
 */
export function judge({ status, statusReason, events, trouble }: OperationEnd, name: StackName): void {
  if (['CREATE_COMPLETE', 'UPDATE_COMPLETE'].includes(status) && trouble === undefined) return
  const wasTakenBack = ['DELETE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'].includes(status)
  if (wasTakenBack && ownFailure(events) === undefined && trouble === undefined) throw cancelled(name, events)
  throw explainFailure(events, statusReason, trouble)
}

/** A bucket stays behind when its stack is deleted, whatever the stack was in the middle of. */
function cancelled(name: StackName, events: readonly StackEvent[]): AppError {
  const kept = events.find(({ logicalId, status }) => logicalId === 'Bucket' && status === 'DELETE_SKIPPED')
  return new AppError('stack-cancelled', { name, ...(kept !== undefined && { bucket: kept.physicalId }) })
}
