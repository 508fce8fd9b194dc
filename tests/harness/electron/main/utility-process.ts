import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import type { ForkOptions, UtilityProcess } from 'electron'

import { Strict, StrictEmitter, type Emitting } from './strict.ts'

const utilityPath = join(import.meta.dirname, '../utility.ts')

/** A Node child that has `process.parentPort` and dies with this process. */
export class StandInUtilityProcess
  extends StrictEmitter
  implements Pick<UtilityProcess, Emitting | 'postMessage' | 'kill' | 'pid' | 'stdout' | 'stderr'>
{
  pid: number | undefined
  readonly stdout: NodeJS.ReadableStream | null
  readonly stderr: NodeJS.ReadableStream | null
  readonly #child: ChildProcess
  #hasEnded = false

  constructor(child: ChildProcess) {
    super(['spawn', 'exit', 'message', 'error', 'login'])
    this.#child = child
    this.stdout = child.stdout
    this.stderr = child.stderr
    child.on('spawn', () => {
      this.pid = child.pid
      this.emit('spawn')
    })
    child.on('message', (message) => void this.emit('message', message))
    // What it has said comes before its end is told.
    child.on('close', (code, signal) => this.#end(signal === null ? code : 1))
    child.on('error', () => {
      // Also where the end could not be forced: then it runs, and has not ended.
      if (child.pid === undefined) this.#end(1)
    })
  }
  postMessage(message: unknown): void {
    // One that is just ending hears nothing any more, which is no failure.
    if (this.#child.connected) this.#child.send(message as object, () => undefined)
  }
  kill(): boolean {
    return this.#child.kill('SIGTERM')
  }
  /** Told once. */
  #end(code: number | null): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.pid = undefined
    this.emit('exit', code)
  }
}

export class UtilityProcesses extends Strict {
  fork(modulePath: string, args: readonly string[] = [], options: ForkOptions = {}): UtilityProcess {
    if (!existsSync(modulePath)) throw new Error(`there is nothing to fork at ${modulePath}`)
    const { env = process.env, execArgv = [], cwd, stdio = 'inherit' } = options
    const [, stdout = 'inherit', stderr = 'inherit'] =
      typeof stdio === 'string' ? [stdio, stdio, stdio] : stdio
    const child = spawn(process.execPath, [...execArgv, utilityPath, modulePath, ...args], {
      env: env as NodeJS.ProcessEnv,
      cwd: cwd ?? process.cwd(),
      stdio: ['ignore', modeOf(stdout), modeOf(stderr), 'ipc'],
      serialization: 'advanced',
    })
    return new StandInUtilityProcess(child) as unknown as UtilityProcess
  }
}

function modeOf(stdio: string): 'pipe' | 'ignore' | 'inherit' {
  if (stdio === 'pipe' || stdio === 'ignore' || stdio === 'inherit') return stdio
  throw new Error('stdio must be of the following values: inherit, pipe, ignore')
}

export const utilityProcess = new UtilityProcesses()
