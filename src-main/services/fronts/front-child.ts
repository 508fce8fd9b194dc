import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

/** The process of a front as its parent holds it, whichever way it was started. */
export interface FrontChild {
  /** `undefined` before it runs, and where it could not be started. */
  readonly pid: number | undefined
  readonly stdout: Readable
  readonly stderr: Readable
  /** One command, without a newline. Does nothing when the process is gone. */
  send(line: string): void
  /** No command comes any more: to a front the death of its parent, so that it ends even when it has not understood `shutdown`. */
  endCommands(): void
  kill(signal: 'SIGTERM' | 'SIGKILL'): void
  /** Resolves when the process has ended and all it said has been read; never rejects. */
  readonly closed: Promise<ChildExit>
}

export interface ChildExit {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** Why it could not be started at all. */
  readonly startFailure?: Error
}

/** Starts the program of a front, `out/front.js` or what stands in for it. */
export type StartProgram = (entryPath: string) => FrontChild

/**
 * A front's stderr goes to the log, where a warning about a stable enough part of Node is noise. A small nursery for objects
 * halves what a busy front holds: network pieces live a moment, and without a limit V8 lets tens of megabytes of them pile up.
 */
export const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=2']

/**
 * All that a front gets of an environment. File calls wait in libuv's pool; with its default of 4 threads, five slow downloads would hold up a
 * listing. More threads than this only cost CPU.
 */
export const frontEnv = { UV_THREADPOOL_SIZE: '12' }

/** Fronts as child processes of their own Node, which hear commands on stdin. */
export function nodeProgram(nodePath: string): StartProgram {
  return (entryPath) => {
    // A process group of its own: Ctrl-C in a terminal is for its parent, which unmounts first and needs the front for that.
    const child = spawn(nodePath, [...nodeFlags, entryPath], {
      env: frontEnv,
      stdio: 'pipe',
      detached: true,
    })
    // A front that is gone has no reader; that it is gone shows as the end of its stdout.
    child.stdin.on('error', () => undefined)
    // `close`, not `exit`: only then has everything it said been read.
    const closed = once(child, 'close').then(
      ([exitCode, signal]): ChildExit => ({
        exitCode: exitCode as number | null,
        signal: signal as NodeJS.Signals | null,
      }),
      (reason: unknown): ChildExit => {
        const startFailure = reason instanceof Error ? reason : new Error('not started', { cause: reason })
        return { exitCode: null, signal: null, startFailure }
      },
    )
    return {
      get pid() {
        return child.pid
      },
      stdout: child.stdout,
      stderr: child.stderr,
      send: (line) => {
        if (child.stdin.writable) child.stdin.write(`${line}\n`)
      },
      endCommands: () => child.stdin.end(),
      kill: (signal) => void child.kill(signal),
      closed,
    }
  }
}
