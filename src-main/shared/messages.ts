import type { ErrorCode, SerializedError } from './errors.ts'
import { accountMessages } from './messages/accounts.ts'
import { appMessages } from './messages/app.ts'
import { bridgeMessages } from './messages/bridges.ts'
import { driveMessages } from './messages/drives.ts'
import { engineMessages } from './messages/engines.ts'
import { fileMessages } from './messages/files.ts'
import { stackMessages } from './messages/stacks.ts'
import { uploadMessages } from './messages/uploads.ts'
import { volumeMessages } from './messages/volumes.ts'
import { wayInMessages } from './messages/ways-in.ts'
import type { CatalogueEntry } from './messages/entry.ts'

/** What a person is told about one failure. */
export interface MessageText {
  /** A few words, for a heading or a notification. */
  readonly title: string
  /** What happened, as one or two sentences. */
  readonly text: string
  /** The way out, as an instruction; absent where nothing needs to be done. */
  readonly fix?: string
}

/** The one place where an error code becomes sentences. Texts say what happened and what to do, never who is to blame. */
export const messages: Readonly<Record<ErrorCode, CatalogueEntry>> = {
  ...fileMessages,
  ...uploadMessages,
  ...volumeMessages,
  ...driveMessages,
  ...engineMessages,
  ...bridgeMessages,
  ...accountMessages,
  ...stackMessages,
  ...wayInMessages,
  ...appMessages,
}

/** The sentences for an error, or for what is left of it after a process border. */
export function messageFor({ code, args }: SerializedError): MessageText {
  const entry = messages[code]
  const fix = entry.fix?.(args)
  return { title: entry.title, text: entry.text(args), ...(fix === undefined ? {} : { fix }) }
}
