import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { treeOf } from './process-tree.ts'

/** A server program in the foreground, started by us and ended by us. */
export interface ServerProcess {
  readonly pid: number
  /** SIGTERM, after `killAfterMs` SIGKILL to it and what is left of its children. Resolves when they are gone. */
  stop(): Promise<void>
}

export interface ServerProgram {
  readonly program: string
  readonly args: readonly string[]
  readonly port: number
  readonly signal: AbortSignal
}

const startLimitMs = 20_000
const killAfterMs = 5_000

/** Starts a server and resolves once it takes connections. @throws with what it said when it does not get there. */
export async function startServerProcess({
  program,
  args,
  port,
  signal,
}: ServerProgram): Promise<ServerProcess> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const listen = (text: Buffer) => (said = (said + text.toString()).slice(-2_000))
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  child.on('error', (error) => (said += error.message))
  const deadlineMs = performance.now() + startLimitMs
  while (!(await accepts(port))) {
    if (hasEnded(child) || performance.now() > deadlineMs || signal.aborted) {
      await stop(child)
      signal.throwIfAborted()
      throw new Error(`${program} does not take connections: ${said.trim() || 'it said nothing'}`)
    }
    await sleep(20)
  }
  return { pid: child.pid!, stop: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return
  const pids = treeOf(child.pid)
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const limit = setTimeout(() => pids.forEach(killIfThere), killAfterMs)
  await exited
  clearTimeout(limit)
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone already, which is what we want.
  }
}

// `pid` is missing when the program could not be started at all.
function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
