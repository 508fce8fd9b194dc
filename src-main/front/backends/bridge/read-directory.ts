import type { IncomingMessage } from 'node:http'

import type { Attributes, Listing } from '../../vfs/backend.ts'
import { attributesFrom, readLines, unpackAttributes } from './answer.ts'
import { brokenConnection, refusalFrom } from './bridge-failure.ts'

/**
 * A directory as an agent streams it. One that was cut off is no listing: files missing from it would be taken for deleted.
 * @throws AppError the refusal in it, or `stalled` when it is cut off or not as agreed.
 */
export async function readDirectory(answer: IncomingMessage, path: string): Promise<Listing> {
  let directory: Attributes | undefined
  let end: unknown
  const entries = new Map<string, Attributes>()
  for await (const line of readLines(answer)) {
    if (Array.isArray(line)) {
      const [name, ...packed] = line as unknown[]
      if (typeof name !== 'string') throw brokenConnection(new Error('an entry without a name'))
      entries.set(name, unpackAttributes(packed))
      continue
    }
    const told = line as { directory?: unknown; end?: unknown; error?: unknown }
    if (told.error !== undefined) throw refusalFrom(told.error, path)
    if (told.directory !== undefined) directory = attributesFrom(told.directory)
    end = told.end
  }
  if (directory === undefined || end !== entries.size) throw brokenConnection(new Error('cut off'))
  return { directory, entries }
}

/** Follows a removal to its end. @throws as `readDirectory`. */
export async function readRemoval(answer: IncomingMessage, path: string): Promise<void> {
  let isDone = false
  for await (const line of readLines(answer)) {
    const told = line as { done?: unknown; error?: unknown }
    if (told.error !== undefined) throw refusalFrom(told.error, path)
    isDone = told.done === true
  }
  if (!isDone) throw brokenConnection(new Error('cut off'))
}
