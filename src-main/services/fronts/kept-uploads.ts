import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { z } from 'zod'

import type { Logger } from '../../lib/logger.ts'
import { serializedErrorSchema } from '../../shared/front-protocol.ts'

/** What a front that is not running has left in its folder for the next one to deliver. */
export interface KeptUploads {
  readonly count: number
  readonly bytes: number
  readonly attention: number
  /** Oldest first; fewer than `count` where the records cannot be read and only bodies can be counted. */
  readonly uploads: readonly KeptUpload[]
}

export interface KeptUpload {
  readonly id: number
  readonly path: string
  readonly size: number
  readonly acceptedMs: number
  readonly error?: z.output<typeof serializedErrorSchema> | undefined
}

/** Of a front's rows just what is told to a person; everything else in them is the front's own. */
const entrySchema = z.object({
  position: z.number(),
  record: z.object({
    id: z.number().int(),
    path: z.string(),
    promised: z.object({ size: z.number(), modifiedMs: z.number() }),
    replaced: z.boolean(),
    attention: serializedErrorSchema.optional(),
  }),
})

/**
 * Looks into the folder of a front that is not running, and changes nothing there. Never rejects: where the records cannot be read,
 * the bodies at least are counted, because "nothing is waiting" must never be said by mistake.
 */
export async function readKeptUploads(frontStateDir: string, log: Logger): Promise<KeptUploads> {
  const databasePath = join(frontStateDir, 'uploads.sqlite')
  if (!existsSync(databasePath)) return await countBodies(frontStateDir)
  try {
    return summaryOf(readRecords(databasePath))
  } catch (error) {
    log.warn('uploads', 'kept uploads not readable', { path: databasePath, error })
    return await countBodies(frontStateDir)
  }
}

/** Deletes all uploads of a front that is not running, for good; what else it keeps stays. */
export async function discardKeptUploads(frontStateDir: string): Promise<void> {
  for (const name of await namesIn(frontStateDir)) {
    if (/^(uploads\.sqlite|spool)/.test(name)) {
      await rm(join(frontStateDir, name), { recursive: true, force: true })
    }
  }
}

function readRecords(databasePath: string): readonly KeptUpload[] {
  // A front that is just starting has the database for itself; it will tell more than its folder.
  const database = new DatabaseSync(databasePath, { readOnly: true, timeout: 200 })
  try {
    return database
      .prepare('SELECT entry FROM upload')
      .all()
      .map(({ entry }) => entrySchema.parse(JSON.parse(String(entry))))
      .filter(({ record }) => !record.replaced)
      .toSorted((a, b) => a.position - b.position)
      .map(({ record: { id, path, promised, attention } }) => {
        return { id, path, size: promised.size, acceptedMs: promised.modifiedMs, error: attention }
      })
  } finally {
    database.close()
  }
}

function summaryOf(uploads: readonly KeptUpload[]): KeptUploads {
  return {
    count: uploads.length,
    bytes: uploads.reduce((sum, { size }) => sum + size, 0),
    attention: uploads.filter(({ error }) => error !== undefined).length,
    uploads,
  }
}

async function countBodies(frontStateDir: string): Promise<KeptUploads> {
  const bodies = (await namesIn(join(frontStateDir, 'spool'))).filter((name) => /^\d+$/.test(name))
  return { count: bodies.length, bytes: 0, attention: 0, uploads: [] }
}

async function namesIn(dir: string): Promise<readonly string[]> {
  return await readdir(dir).catch(() => [])
}
