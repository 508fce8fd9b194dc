import type { IncomingMessage } from 'node:http'

import type { FileAttributes, PackedAttributes } from '../../../../docker/bridge/api/files.ts'
import type { Attributes, SpaceInfo } from '../../vfs/backend.ts'
import { brokenConnection } from './bridge-failure.ts'

/** An answer that is not a stream is a few hundred bytes. */
const maxJsonBytes = 64 * 1024

/** The whole of a short answer. @throws AppError `stalled` for one that breaks off, is too long or no JSON. */
export async function readJson(answer: IncomingMessage): Promise<unknown> {
  let text = ''
  answer.setEncoding('utf8')
  try {
    for await (const part of answer as AsyncIterable<string>) {
      text += part
      if (text.length > maxJsonBytes) throw new Error('answer too long')
    }
    return JSON.parse(text)
  } catch (error) {
    answer.destroy()
    throw brokenConnection(error)
  }
}

/**
 * The lines of a streamed answer, parsed. A line with an `error` ends it.
 * @throws AppError `stalled` for an answer that breaks off or is not as agreed.
 */
export async function* readLines(answer: IncomingMessage): AsyncGenerator<unknown, void> {
  answer.setEncoding('utf8')
  let rest = ''
  try {
    for await (const part of answer as AsyncIterable<string>) {
      const lines = (rest + part).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) yield JSON.parse(line) as unknown
    }
    if (rest !== '') throw new Error('the last line has no end')
  } catch (error) {
    throw brokenConnection(error)
  } finally {
    answer.destroy()
  }
}

/** @throws AppError `stalled` when `value` is not what an agent sends. */
export function attributesFrom(value: unknown): Attributes {
  if (isAttributes(value)) return value
  throw brokenConnection(new Error('not attributes'))
}

/** @throws as `attributesFrom`. */
export function unpackAttributes(packed: readonly unknown[]): Attributes {
  const [kind, size, modifiedMs, createdMs, fileId] = packed as PackedAttributes
  return attributesFrom({
    kind: kind === 'f' ? 'file' : 'directory',
    size,
    modifiedMs,
    createdMs,
    fileId,
  })
}

/** @throws as `attributesFrom`. */
export function spaceFrom(value: unknown): SpaceInfo {
  const { totalBytes, freeBytes } = (value ?? {}) as Record<string, unknown>
  if (typeof totalBytes === 'number' && typeof freeBytes === 'number') return { totalBytes, freeBytes }
  throw brokenConnection(new Error('not a space'))
}

function isAttributes(value: unknown): value is FileAttributes {
  if (typeof value !== 'object' || value === null) return false
  const { kind, size, modifiedMs, createdMs, fileId } = value as Record<string, unknown>
  return (
    (kind === 'file' || kind === 'directory') &&
    [size, modifiedMs, createdMs, fileId].every((number) => typeof number === 'number')
  )
}
