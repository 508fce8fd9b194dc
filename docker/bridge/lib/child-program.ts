import { spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

/** How a program ended; `failed` when there was nothing to start. */
export type ProgramEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'failed'; readonly reason: string }

/** A running program with what it starts itself: signals go to all of them. */
export interface ChildProgram {
  readonly pid: number | undefined
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves once; never rejects. */
  readonly ended: Promise<ProgramEnd>
  /** Harmless once the program has ended. */
  signal(signal: NodeJS.Signals): void
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * Starts a program in a process group of its own, without a shell. The caller ends it: nothing here does, not even this
 * process's own end.
 */
export function startProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProgram {
  const child = spawn(program, args, {
    detached: true,
    stdio: 'pipe',
    // Where programs are, and that they speak English; nothing else of ours.
    env: { PATH: process.env['PATH'] ?? defaultPath, LC_ALL: 'C.UTF-8', ...env },
  })
  // A program that does not read its stdin to the end is not an error of ours.
  child.stdin.on('error', () => undefined)
  const ended = new Promise<ProgramEnd>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ kind: 'failed', reason: error.code ?? error.message }),
    )
    child.once('exit', (code, signal) =>
      resolve(signal === null ? { kind: 'exited', code: code ?? 1 } : { kind: 'killed', signal }),
    )
  })
  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    signal: (signal) => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
      try {
        process.kill(-child.pid, signal)
      } catch {
        // Gone between the check and the call.
      }
    },
  }
}
