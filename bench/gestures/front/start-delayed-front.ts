import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'

import { nodeFlags } from '../../../src-main/services/fronts/front-child.ts'
import type { FrontConfigInput, FrontEvent } from '../../../src-main/shared/front-protocol.ts'
import { frontEnv, spawnFront, type FrontChild } from '../../../tests/harness/front-process.ts'
import { waitFor, within } from '../../../tests/harness/wait-for.ts'
import { frontReportSchema, type BenchCommand, type FrontReport } from './messages.ts'

export type FrontStatus = Extract<FrontEvent, { type: 'status' }>

export interface DelayedFrontOptions {
  readonly programPath: string
  readonly rootDir: string
  readonly stateDir: string
  readonly delayMs: number
  /** Take no writes until told `open`. */
  readonly isShut?: boolean
}

export interface DelayedFront {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Commands are answered one after the other; do not overlap them. */
  tell(command: BenchCommand): Promise<FrontReport>
  status(): Promise<FrontStatus>
  /** Resolves when every upload has been delivered. @throws when one needs a person, or after `limitMs`. */
  delivered(limitMs: number): Promise<void>
  stop(): Promise<void>
  kill9(): Promise<void>
}

/** Starts a front over a folder, with the settings users have, one delay away from it. */
export async function startDelayedFront(options: DelayedFrontOptions): Promise<DelayedFront> {
  const { programPath, rootDir, stateDir, delayMs, isShut = false } = options
  const config: FrontConfigInput = {
    driveId: 'bench',
    driveName: 'Bench',
    port: 0,
    pathSecret: randomBytes(16).toString('hex'),
    backend: { kind: 'local', rootDir },
    stateDir,
    // A benchmark must not stop because the machine's disk is nearly full.
    diskReserveBytes: 0,
    contentCacheBytes: 5 * 1024 ** 3,
  }
  // As for users: without them V8 takes tens of megabytes more.
  const args = [...nodeFlags, programPath, String(delayMs), ...(isShut ? ['shut'] : [])]
  let child: ChildProcess | undefined
  const events: FrontEvent[] = []
  const front = await spawnFront(config, events, () => {
    const started = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe', 'ipc'], env: frontEnv })
    child = started
    // With an IPC channel the types lose what the first three entries say.
    return started as FrontChild
  })

  const status = async (): Promise<FrontStatus> => {
    events.length = 0
    await front.counters()
    return events.findLast((event) => event.type === 'status')!
  }
  const { url, port, pid } = front.ready
  return {
    url,
    port,
    pid,
    status,
    tell: async (command) => {
      if (child?.connected !== true) throw new Error('the front is gone')
      const answered = once(child, 'message')
      child.send(command)
      const [message] = (await within(answered, `the front to answer ${command}`)) as [unknown]
      return frontReportSchema.parse(message)
    },
    delivered: async (limitMs) => {
      await waitFor(
        async () => {
          const { uploads } = await status()
          if (uploads.attention > 0) throw new Error(`${uploads.attention} uploads need attention`)
          return uploads.pending === 0
        },
        { what: 'all uploads to be delivered', limitMs },
      )
    },
    stop: () => front.shutdown(),
    kill9: () => front.kill9(),
  }
}
