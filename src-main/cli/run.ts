import { CommanderError } from 'commander'

import { AppError, isAppError, toAppError } from '../shared/errors.ts'
import type { CommandContext } from './command-context.ts'
import { exitCodes, exitForError } from './exit-codes.ts'
import type { Exit } from './exit-codes.ts'
import type { Interrupts } from './interrupts.ts'
import { errorToJson, renderError } from './output/render-error.ts'
import { buildProgram } from './program.ts'
import type { ProgramOutput } from './program.ts'

export interface RunOptions {
  readonly version: string
  /** Named to the user when the unexpected happens. */
  readonly logPath: string
  readonly output: ProgramOutput
}

/**
 * Runs one command line (without program and script) and resolves with the exit status. Every error ends here: as sentences
 * for the user, with `--json` as JSON, and with its stack in the log only.
 */
export async function runCommand(
  args: readonly string[],
  context: Omit<CommandContext, 'finish'>,
  { version, logPath, output }: RunOptions,
): Promise<number> {
  let exit: Exit = 'ok'
  const finish = (how: Exit): void => {
    exit = how
  }
  const program = buildProgram({ ...context, finish }, version, output)
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    exit = error instanceof CommanderError ? exitForCommander(error) : report(error, args, context, logPath)
  }
  return exitCodes[exit].status
}

/** Commander has said what there was to say; help and version are no failures. */
function exitForCommander({ code, exitCode }: CommanderError): Exit {
  return exitCode === 0 || code === 'commander.help' ? 'ok' : 'usage'
}

function report(
  error: unknown,
  args: readonly string[],
  { terminal, services, interrupts }: Pick<CommandContext, 'terminal' | 'services' | 'interrupts'>,
  logPath: string,
): Exit {
  const appError = withLogPath(asToldToUser(error, interrupts), logPath)
  services.log.error('cli', 'command failed', { command: args[0] ?? '', error })
  if (args.includes('--json')) terminal.printJson(errorToJson(appError))
  renderError(appError, terminal).forEach(terminal.note)
  return exitForError(appError.code)
}

/** Whatever an interrupt tore apart in the middle: to the user it was cancelled. */
function asToldToUser(error: unknown, { signal }: Pick<Interrupts, 'signal'>): AppError {
  return signal.aborted && !isAppError(error)
    ? new AppError('cancelled', {}, { cause: error })
    : toAppError(error)
}

function withLogPath(error: AppError, logPath: string): AppError {
  if (error.code !== 'unexpected') return error
  return new AppError('unexpected', { logPath, ...error.args }, { cause: error })
}
