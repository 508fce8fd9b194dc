import { execa } from 'execa'

/** What one run may cost and what goes in. */
export interface RunOptions {
  /** The program is ended (SIGTERM, then SIGKILL) when it takes longer. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /** Written to stdin, which is then closed; without it stdin is empty. Secrets go here, never into `args`. */
  readonly input?: string
  /** Added to the few variables every program gets. */
  readonly env?: Readonly<Record<string, string>>
}

export interface RunResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a program to its end and resolves with whatever exit code it had: what a code means is the caller's knowledge.
 * `program` is an absolute path or a name on PATH; there is no shell.
 * @throws ProcessError when the program did not get to exit by itself.
 */
export type RunProcess = (program: string, args: readonly string[], options: RunOptions) => Promise<RunResult>

/** `missing`: no such program. `crashed`: ended by a signal, could not be started, or wrote more than it may. */
export type ProcessFailure = 'missing' | 'timed-out' | 'cancelled' | 'crashed'

/** A program that never exited by itself. Services translate it into an `AppError` of their own domain. */
export class ProcessError extends Error {
  readonly reason: ProcessFailure
  readonly program: string

  constructor(reason: ProcessFailure, program: string, options: { readonly cause?: unknown } = {}) {
    super(`${program}: ${reason}`, options)
    this.name = 'ProcessError'
    this.reason = reason
    this.program = program
  }
}

const maxOutputBytes = 1024 * 1024
const forceKillAfterMs = 2_000

/** No proxy settings, no NODE_OPTIONS, no credentials: a mount helper behind a proxy would not even reach 127.0.0.1. */
const inheritedVariables = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR']

/** Programs are read by machine, so they answer in one language whatever the user's is; UTF-8 keeps file names whole. */
const locale = { LC_ALL: 'C.UTF-8' }

/** @param env where PATH, HOME and the like are taken from (`process.env`); nothing else of it reaches a program. */
export function createRunProcess(env: Readonly<Record<string, string | undefined>>): RunProcess {
  const baseEnv = Object.fromEntries(
    inheritedVariables.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  )
  return async (program, args, { timeoutMs, signal, input, env: extraEnv }) => {
    if (signal?.aborted === true) throw new ProcessError('cancelled', program, { cause: signal.reason })
    const result = await execa(program, args, {
      reject: false,
      extendEnv: false,
      env: { ...baseEnv, ...locale, ...extraEnv },
      timeout: timeoutMs,
      forceKillAfterDelay: forceKillAfterMs,
      maxBuffer: maxOutputBytes,
      stripFinalNewline: false,
      ...(signal === undefined ? {} : { cancelSignal: signal }),
      ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    })
    if (result.timedOut) throw new ProcessError('timed-out', program, { cause: result })
    if (result.isCanceled) throw new ProcessError('cancelled', program, { cause: result })
    if (result.exitCode === undefined || result.isMaxBuffer) {
      throw new ProcessError(result.code === 'ENOENT' ? 'missing' : 'crashed', program, { cause: result })
    }
    return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr }
  }
}
