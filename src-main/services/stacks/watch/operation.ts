import type { StackEvent } from '../aws/stack-facts.ts'
import { secondsOf, wordsFor } from './resource-words.ts'

export type OperationKind = 'making' | 'changing' | 'removing' | 'taking-back'

/** How far an operation of CloudFormation is. */
export interface OperationProgress {
  readonly kind: OperationKind
  /** 0 to 100, by what resources take as a rule. */
  readonly percent: number
  /** Resources that are done, and all that are known of. */
  readonly done: number
  readonly total: number
  /** What is being worked on, in words. */
  readonly current: readonly string[]
  /** What keeps it from going on, as far as anybody says. */
  readonly trouble?: string
}

const starts = ['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS']

export function isStackEvent(event: StackEvent): boolean {
  return event.type === 'AWS::CloudFormation::Stack' && event.physicalId.includes(':stack/')
}

/** The event an operation begins with; what comes after it, taking back included, is the same operation. */
export function isStart(event: StackEvent): boolean {
  return isStackEvent(event) && starts.includes(event.status)
}

/**
 * The events of the newest operation, oldest first; none while it has not begun.
 * @param token of the request that started it, where that is known: an operation before it is not taken for it.
 */
export function newestOperation(events: readonly StackEvent[], token?: string): readonly StackEvent[] {
  const index = events.findLastIndex(
    (event) => isStart(event) && (token === undefined || event.token === token),
  )
  return index === -1 ? [] : events.slice(index)
}

/**
 * @param events of one operation, oldest first.
 * @param expected logical ids of what it is going to touch, as far as known.
 */
export function progressOf(events: readonly StackEvent[], expected: readonly string[]): OperationProgress {
  const kind = kindOf(events)
  const newest = new Map<string, string>()
  // Taking back is a way of its own, and what was done before it says nothing about it.
  for (const event of sinceTurn(events)) if (!isStackEvent(event)) newest.set(event.logicalId, event.status)
  const all = new Set(
    kind === 'taking-back'
      ? events.filter((event) => !isStackEvent(event)).map(({ logicalId }) => logicalId)
      : [...expected, ...newest.keys()],
  )
  const isDone = (id: string): boolean => /_(COMPLETE|SKIPPED)$/.test(newest.get(id) ?? '')
  const done = [...all].filter(isDone)
  const isOver = events.some((event) => isStackEvent(event) && isFinal(event.status))
  const percent = isOver ? 100 : Math.min(99, Math.round((100 * sum(done)) / Math.max(1, sum([...all]))))
  return {
    kind,
    percent,
    done: isOver ? all.size : done.length,
    total: all.size,
    current: [...all].filter((id) => newest.get(id)?.endsWith('_IN_PROGRESS')).map(wordsFor),
  }
}

/** A status in which CloudFormation does nothing more by itself. */
export function isFinal(status: string): boolean {
  return /_(COMPLETE|FAILED)$/.test(status)
}

function kindOf(events: readonly StackEvent[]): OperationKind {
  const own = events.filter(isStackEvent)
  if (own.some(({ status }) => status.includes('ROLLBACK'))) return 'taking-back'
  if (own.some(({ status }) => status.startsWith('DELETE'))) return 'removing'
  return own.some(({ status }) => status.startsWith('UPDATE')) ? 'changing' : 'making'
}

function sinceTurn(events: readonly StackEvent[]): readonly StackEvent[] {
  const isTurn = (event: StackEvent): boolean => isStackEvent(event) && /ROLLBACK|^DELETE/.test(event.status)
  const index = events.findIndex(isTurn)
  return index === -1 ? events : events.slice(index)
}

function sum(ids: readonly string[]): number {
  return ids.reduce((total, id) => total + secondsOf(id), 0)
}
