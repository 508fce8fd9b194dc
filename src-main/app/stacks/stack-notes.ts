import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'

import { z } from 'zod'

import { writeFileAtomic } from '../../lib/atomic-file.ts'
import type { Logger } from '../../lib/logger.ts'
import { stackRefSchema, waysIn } from '../../shared/app/stacks.ts'

const noteSchema = z.strictObject({
  ref: stackRefSchema,
  wayIn: z.enum(waysIn),
  /** Somebody wanted it taken back. */
  isCancelled: z.boolean(),
})

const fileSchema = z.strictObject({ version: z.literal(1), stacks: z.array(noteSchema).readonly() })

/** That there is something to look at, and where: what has become of it only AWS knows. */
export type StackNote = Readonly<z.output<typeof noteSchema>>

/** Where the next start of the app looks for what is under way. */
export interface StackNotes {
  /** None where none can be read; never rejects. */
  read(): Promise<readonly StackNote[]>
  /** Resolves when they are on disk, or cannot be put there; never rejects. */
  write(notes: readonly StackNote[]): Promise<void>
}

/** @param filePath its folder is made when it is needed. */
export function createStackNotes(filePath: string, log: Logger): StackNotes {
  let last: Promise<void> = Promise.resolve()
  let written: string | undefined
  const write = async (text: string): Promise<void> => {
    if (text === written) return
    try {
      await mkdir(dirname(filePath), { recursive: true, mode: 0o700 })
      await writeFileAtomic(filePath, text)
      written = text
    } catch (error) {
      log.warn('app', 'stacks under way not noted', { error })
    }
  }
  return {
    read: async () => {
      try {
        return fileSchema.parse(JSON.parse(await readFile(filePath, 'utf8'))).stacks
      } catch (error) {
        const isNew = (error as NodeJS.ErrnoException).code === 'ENOENT'
        if (!isNew) log.warn('app', 'stacks under way not read', { error })
        return []
      }
    },
    // One after the other, so that the newest is what stays.
    write: (stacks) => (last = last.then(() => write(JSON.stringify({ version: 1, stacks })))),
  }
}
