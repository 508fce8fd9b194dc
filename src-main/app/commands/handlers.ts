import type { Answers, CommandAnswer, Result } from '../../shared/app/answers.ts'
import {
  commandSchemas,
  type CommandInput,
  type CommandName,
  type CommandPayload,
} from '../../shared/app/commands.ts'
import type { Logger } from '../../lib/logger.ts'
import { AppError, toAppError } from '../../shared/errors.ts'

/** What a handler gives: an answer where its command has one. */
type Handled<K extends CommandName> = K extends keyof Answers ? Answers[K] | Promise<Answers[K]> : unknown

/** What is done for each command of `K`; whatever is thrown becomes the answer's error. */
export type Handlers<K extends CommandName = CommandName> = {
  readonly [N in K]: (payload: CommandPayload<N>) => Handled<N>
}

/** Commands whose name begins with one of these words. */
export type HandlersOf<Group extends string> = Handlers<Extract<CommandName, `${Group}.${string}`>>

export type RunCommand = <K extends CommandName>(
  name: K,
  input: CommandInput<K>,
) => Promise<Result<CommandAnswer<K>>>

/** Parses what was sent, does it and says how it went. Never rejects. */
export function commandRunner(handlers: Handlers, log: Logger): RunCommand {
  return async <K extends CommandName>(name: K, input: CommandInput<K>) => {
    try {
      const parsed = commandSchemas[name].safeParse(input)
      if (!parsed.success) {
        throw new AppError('message-invalid', { reason: parsed.error.message }, { cause: parsed.error })
      }
      const handler: (payload: CommandPayload<K>) => unknown = handlers[name]
      // The schema under a name and the payload of its handler are the same entry of one table.
      const value = await handler(parsed.data as CommandPayload<K>)
      const isAnswered = answering.has(name)
      return { ok: true, value: (isAnswered ? value : undefined) as CommandAnswer<K> }
    } catch (reason) {
      const error = toAppError(reason)
      if (error.code !== 'cancelled') log.warn('app', 'command failed', { name, error })
      return { ok: false, error: error.toJSON() }
    }
  }
}

const answersOf: Readonly<Record<keyof Answers, true>> = {
  'snapshot.get': true,
  'drive.add-sandbox': true,
  'drive.add-file-system': true,
  'dialog.choose-folder': true,
  'upload.export': true,
  'app.save-diagnostics': true,
  'lookup.file-systems': true,
  'lookup.ways-in': true,
  'lookup.stacks': true,
}
const answering: ReadonlySet<string> = new Set(Object.keys(answersOf))
