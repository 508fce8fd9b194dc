import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { finished } from 'node:stream/promises'

import { utilityProcess } from 'electron'

import { frontEnv, nodeFlags, type ChildExit, type StartProgram } from '../../services/fronts/front-child.ts'

/**
 * Fronts as utility processes of Electron: no second Node need be shipped, and they die with the app. They have no stdin, so commands go by
 * messages.
 */
export const utilityFronts: StartProgram = (entryPath) => {
  const child = utilityProcess.fork(entryPath, [], {
    env: frontEnv,
    execArgv: nodeFlags,
    stdio: ['ignore', 'pipe', 'pipe'],
    serviceName: 'Mountbar drive',
  })
  const stdout = readable(child.stdout)
  const stderr = readable(child.stderr)
  let pid: number | undefined
  child.on('spawn', () => {
    pid = child.pid
  })
  const closed = once(child, 'exit').then(async ([code]): Promise<ChildExit> => {
    // What it said last may still be on its way.
    await Promise.allSettled([stdout, stderr].map((stream) => untilEnded(stream)))
    return { exitCode: code as number, signal: null }
  })
  return {
    get pid() {
      return pid ?? child.pid
    },
    stdout,
    stderr,
    send: (line) => child.postMessage(line),
    endCommands: () => child.postMessage(null),
    kill: (signal) => {
      // Of its own accord Electron only ever asks it to end.
      if (signal === 'SIGTERM' || pid === undefined) void child.kill()
      else killHard(pid)
    },
    closed,
  }
}

function readable(stream: NodeJS.ReadableStream | null): Readable {
  if (stream instanceof Readable) return stream
  return stream === null ? Readable.from([]) : stream.pipe(new PassThrough())
}

const endLimitMs = 1_000

async function untilEnded(stream: Readable): Promise<void> {
  if (stream.readableEnded || stream.destroyed) return
  await finished(stream, { signal: AbortSignal.timeout(endLimitMs), writable: false })
}

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}
