import { ProcessError, type RunOptions, type RunProcess, type RunResult } from '../../lib/run-process.ts'
import { AppError } from '../../shared/errors.ts'

/** Runs a program of which only the end matters, whatever its exit code. @throws AppError `command-missing`, `command-timeout`, `command-failed`, `cancelled`. */
export async function runCommand(
  run: RunProcess,
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult> {
  try {
    return await run(command, args, options)
  } catch (error) {
    throw error instanceof ProcessError ? commandFailure(error, command, options.timeoutMs) : error
  }
}

function commandFailure(error: ProcessError, command: string, timeoutMs: number): AppError {
  switch (error.reason) {
    case 'missing':
      return new AppError('command-missing', { command }, { cause: error })
    case 'timed-out':
      return new AppError('command-timeout', { command, timeoutMs }, { cause: error })
    case 'cancelled':
      return new AppError('cancelled', {}, { cause: error })
    case 'crashed':
      return new AppError('command-failed', { command }, { cause: error })
  }
}

/** Runs a mount command. @throws AppError `mounter-missing` {program}, `mount-timeout` {timeoutMs}, `mount-refused` {mountPoint, reason}, `cancelled`. */
export async function runMounter(
  run: RunProcess,
  program: string,
  args: readonly string[],
  { mountPoint, ...options }: RunOptions & { readonly mountPoint: string },
): Promise<RunResult> {
  try {
    return await run(program, args, options)
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error
    switch (error.reason) {
      case 'missing':
        throw new AppError('mounter-missing', { program }, { cause: error })
      case 'timed-out':
        throw new AppError('mount-timeout', { timeoutMs: options.timeoutMs }, { cause: error })
      case 'cancelled':
        throw new AppError('cancelled', {}, { cause: error })
      case 'crashed':
        throw new AppError('mount-refused', { mountPoint, reason: `${program} crashed` }, { cause: error })
    }
  }
}

/** What a program had to say, on one line, without its own name in front. */
export function reasonOf({ stderr, stdout, exitCode }: RunResult): string {
  const text = (stderr.trim() === '' ? stdout : stderr).trim().replace(/\s+/g, ' ')
  return text === '' ? `exit code ${exitCode}` : text.replace(/^[\w./]+: /, '')
}
