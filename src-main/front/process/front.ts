import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { Clock } from '../../lib/clock.ts'
import { AppError } from '../../shared/errors.ts'
import type { BridgeReport, FrontConfig, FrontEvent } from '../../shared/front-protocol.ts'
import type { Backend } from '../vfs/backend.ts'
import { countCalls } from '../vfs/count-calls.ts'
import { createVfs } from '../vfs/drive-vfs.ts'
import { openUploadStore } from '../vfs/uploads/store/open-upload-store.ts'
import type { UploadQueue } from '../vfs/uploads/upload-queue.ts'
import type { DurableStep } from '../vfs/uploads/upload-store.ts'
import { startWebDavServer } from '../webdav/server.ts'
import { Counters } from './counters.ts'
import { untilDrained } from './drain.ts'
import type { FrontEvents } from './front-events.ts'
import { openBackend } from './open-backend.ts'

/** Requests that are still running when the front is told to end get this long. */
const shutdownGraceMs = 5_000

/** Where whoever starts a front takes hold of its inside; tests do, to make it suffer. */
export interface FrontHooks {
  /** Stands in for the backend. What it passes on is counted before it, so that the counters show what clients cost. */
  readonly wrapBackend?: (backend: Backend) => Backend
  /** Called at the durable steps of each upload; it may end the process. */
  readonly onStep?: (step: DurableStep) => void
}

/** One drive's front, up and answering. */
export interface RunningFront {
  readonly url: string
  readonly port: number
  readonly events: FrontEvents
  readonly uploads: UploadQueue
  status(): Extract<FrontEvent, { type: 'status' }>
  /** The machine has slept, or its network has changed: tries at once whatever waits for the backend. */
  wake(): void
  /** How the drive's bridge is from now on. Means nothing to a folder. */
  setBridge(report: BridgeReport): void
  /**
   * Shows as `draining` from now on; resolves when nothing is pending any more, for the caller to close the front.
   * @throws `cancelled` or the signal's reason when `signal` is aborted first.
   */
  drain(signal: AbortSignal): Promise<void>
  /** Stops answering, then closes what lies behind. */
  close(): Promise<void>
}

/**
 * Puts a front together from its configuration and starts it. `events` hear already what the start has to tell.
 * @throws AppError `source-missing`, `source-not-a-folder`, `port-taken`, `busy` (another front of the drive), `state-dir-unusable`; nothing is left running then.
 */
export async function startFront(
  config: FrontConfig,
  clock: Clock,
  events: FrontEvents,
  { wrapBackend = (backend) => backend, onStep }: FrontHooks = {},
): Promise<RunningFront> {
  await using cleanup = new AsyncDisposableStack()
  const { stateDir, diskReserveBytes } = config
  await makeStateDir(stateDir)
  const opened = cleanup.use(await openBackend(config.backend, clock))
  const counted = countCalls(wrapBackend(opened.backend))
  const store = cleanup.use(
    openUploadStore({
      stateDir,
      maxBytes: config.spoolMaxBytes,
      reserveBytes: diskReserveBytes,
      clock,
      onStep,
      onRecovered: () => events.warning(new AppError('upload-recovered')),
    }),
  )
  const vfs = cleanup.use(
    createVfs({
      backend: counted.backend,
      clock,
      stateDir,
      uploads: {
        store,
        mode: config.writeMode,
        hostName: config.hostName,
        limits: { keyMaxBytes: opened.keyMaxBytes },
        onStep,
      },
      content: {
        dir: config.cacheDir ?? join(stateDir, 'content'),
        maxBytes: config.contentCacheBytes,
        reserveBytes: diskReserveBytes,
        onUnusable: events.warning,
      },
      metadataTtlMs: config.metadataTtlMs,
      negativeTtlMs: config.negativeTtlMs,
      readOnly: config.readOnly,
      onHealth: events.healthChanged,
      onStalled: events.stalled,
      onRecovered: events.recovered,
      onStateSetAside: (path) => events.warning(new AppError('front-state-unreadable', { path })),
    }),
  )
  const { uploads } = vfs
  cleanup.use(uploads.events.on(events.upload))
  const counters = new Counters(() => counted.total())
  const server = await startWebDavServer({
    vfs,
    clock,
    pathSecret: config.pathSecret,
    port: config.port,
    observer: {
      started: () => counters.started(),
      ended: (record) => {
        counters.ended(record)
        events.request(record)
      },
    },
  })
  cleanup.defer(() => server.close(shutdownGraceMs))

  const url = `http://127.0.0.1:${server.port}/${config.pathSecret}/`
  const startedMs = clock.monotonicMs()
  let isDraining = false
  let trouble = config.backend.kind === 'bridge' ? config.backend.report.trouble : undefined
  if (!opened.isThere) vfs.hearPresence(false)
  const started = cleanup.move()
  return {
    url,
    port: server.port,
    events,
    uploads,
    status: () => ({
      type: 'status',
      driveId: config.driveId,
      driveName: config.driveName,
      url,
      pid: process.pid,
      uptimeMs: clock.monotonicMs() - startedMs,
      health: events.health,
      trouble,
      counters: counters.snapshot(),
      uploads: uploads.totals(),
      draining: isDraining,
    }),
    wake: () => vfs.wake(),
    setBridge: ({ address, trouble: told }) => {
      trouble = told
      const wasNew = opened.setBridgeAddress(address)
      if (wasNew) vfs.hearPresence(address !== undefined)
      if (address !== undefined) vfs.wake()
    },
    drain: (signal) => {
      isDraining = true
      return untilDrained({ uploads, inFlight: () => counters.inFlight }, clock, signal)
    },
    close: () => started.disposeAsync(),
  }
}

async function makeStateDir(stateDir: string): Promise<void> {
  try {
    await mkdir(stateDir, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new AppError('state-dir-unusable', { path: stateDir }, { cause })
  }
}
