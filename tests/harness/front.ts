import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import type {
  FrontCommandInput,
  FrontConfigInput,
  FrontCounters,
  FrontEvent,
} from '../../src-main/shared/front-protocol.ts'
import { spawnFront, type FrontChild, type FrontProcess, type FrontStatus } from './front-process.ts'
import { makeTempDir } from './temp-dir.ts'

export interface TestFrontOptions {
  /** The folder to serve; an empty one of the front's own when absent. */
  readonly rootDir?: string
  /** fsync before an answer. Off unless a test is about power and crashes. */
  readonly durable?: boolean
  readonly readOnly?: boolean
  readonly requestLog?: boolean
  readonly metadataTtlMs?: number
  readonly negativeTtlMs?: number
  /** More of its configuration; as a function where each life has its own. */
  readonly config?: Partial<FrontConfigInput> | (() => Partial<FrontConfigInput>)
  /** Starts another program than `out/front.js` that speaks as it does. */
  readonly start?: () => FrontChild
}

export interface TestFront extends AsyncDisposable {
  /** Ends in `/`; stays the same over `restart`. */
  readonly url: string
  readonly port: number
  readonly pathSecret: string
  /** The path of `url`: what every request target of this drive starts with. */
  readonly basePath: string
  readonly rootDir: string
  readonly stateDir: string
  readonly pid: number
  /** Of its present life. */
  readonly hasExited: boolean
  readonly exited: Promise<unknown>
  /** All the front has told its parent, of all its lives. */
  readonly events: readonly FrontEvent[]
  status(): Promise<FrontStatus>
  counters(): Promise<FrontCounters>
  /** Says something to its present life that needs no answer. */
  tell(command: FrontCommandInput): void
  /** Ends the front if it lives and starts it again on the same port, secret, root and state. */
  restart(): Promise<void>
  /** SIGKILL, as a crash would look from outside; resolves when the process is gone. */
  kill9(): Promise<void>
  /** Shuts down as the parent does, and removes the temp folders. @throws when the front does not end by itself. */
  stop(): Promise<void>
}

/** Starts `out/front.js` as the process users run (or what `start` starts), and resolves once it has said `ready`. */
export async function startTestFront(options: TestFrontOptions = {}): Promise<TestFront> {
  const temp = await makeTempDir('front')
  const rootDir = options.rootDir ?? join(temp.dir, 'root')
  const stateDir = join(temp.dir, 'state')
  await Promise.all([mkdir(rootDir, { recursive: true }), mkdir(stateDir, { mode: 0o700 })])
  const pathSecret = randomBytes(16).toString('hex')
  const events: FrontEvent[] = []

  const config = (port: number): FrontConfigInput => ({
    driveId: 'test-drive',
    driveName: 'Test',
    port,
    pathSecret,
    backend: { kind: 'local', rootDir, durable: options.durable ?? false },
    readOnly: options.readOnly ?? false,
    stateDir,
    requestLog: options.requestLog ?? false,
    // What is about the protocol looks at the folder right after the answer; suites about the queue ask for it.
    writeMode: 'write-through',
    // However full the disk of the machine that runs the tests is.
    diskReserveBytes: 0,
    // Drives far away have one, so the protocol is tested through it.
    contentCacheBytes: 256 * 1024 ** 2,
    ...(options.metadataTtlMs === undefined ? {} : { metadataTtlMs: options.metadataTtlMs }),
    ...(options.negativeTtlMs === undefined ? {} : { negativeTtlMs: options.negativeTtlMs }),
    ...(typeof options.config === 'function' ? options.config() : options.config),
  })

  let front: FrontProcess
  try {
    front = await spawnFront(config(0), events, options.start)
  } catch (error) {
    await temp[Symbol.asyncDispose]()
    throw error
  }
  const url = front.ready.url.endsWith('/') ? front.ready.url : `${front.ready.url}/`
  const { port } = front.ready

  const stop = async () => {
    try {
      await front.shutdown()
    } finally {
      await temp[Symbol.asyncDispose]()
    }
  }
  return {
    url,
    port,
    pathSecret,
    basePath: new URL(url).pathname,
    rootDir,
    stateDir,
    get pid() {
      return front.ready.pid
    },
    get hasExited() {
      return front.hasExited
    },
    get exited() {
      return front.exited
    },
    events,
    status: () => front.status(),
    counters: async () => (await front.status()).counters,
    tell: (command) => front.tell(command),
    restart: async () => {
      await front.shutdown()
      front = await spawnFront(config(port), events, options.start)
    },
    kill9: () => front.kill9(),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
