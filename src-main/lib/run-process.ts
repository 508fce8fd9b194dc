/** What one run may cost and what goes in. */
export interface RunOptions {
  /** The program is ended (SIGTERM, then SIGKILL) when it takes longer. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /** Written to stdin, which is then closed; without it stdin is empty. Secrets go here, never into `args`. */
  readonly input?: string
  /** Added to the few variables every program gets. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
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

/** @param env where PATH, HOME and the locale are taken from (`process.env`); nothing else of it reaches the program. */
export declare function createRunProcess(env: Readonly<Record<string, string | undefined>>): RunProcess
