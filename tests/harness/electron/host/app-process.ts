import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import { Channel, type Port } from '../channel.ts'
import type { AsksOfApp, AsksOfHost, StandInOptions } from '../protocol.ts'

const launchPath = join(import.meta.dirname, '../launch.ts')

export interface AppProcess {
  readonly pid: number
  readonly channel: Channel<AsksOfHost, AsksOfApp>
  /** All it has written so far. */
  output(): string
  readonly hasExited: boolean
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  /** As a crash: nothing of it runs any more. */
  kill(): Promise<void>
}

/** Starts the app's main process with the stand-in in place of Electron. It dies with this process. */
export async function spawnApp(
  mainPath: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  options: StandInOptions,
): Promise<AppProcess> {
  const child = spawn(process.execPath, [launchPath, mainPath, ...args], {
    env: {
      ...process.env,
      HOME: options.homeDir,
      ...env,
      MOUNTBAR_ELECTRON_STAND_IN: JSON.stringify(options),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  })
  let text = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (part: string) => (text += part))
  const port: Port = {
    send: (message) => {
      if (child.connected) child.send(message as object, () => undefined)
    },
    onMessage: (listener) => void child.on('message', listener),
  }
  const channel = new Channel<AsksOfHost, AsksOfApp>(port)
  const exited = once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode }))
  child.on('exit', () => channel.close('the app has ended'))
  await once(child, 'spawn')
  return {
    pid: child.pid!,
    channel,
    output: () => text,
    get hasExited() {
      return child.exitCode !== null || child.signalCode !== null
    },
    exited,
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}
