import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { spawnGuarded, type GuardedProcess } from '../guarded-spawn.ts'
import { waitFor, within } from '../wait-for.ts'
import { buildGanesha } from './build-ganesha.ts'
import { freePort } from './free-port.ts'
import { ganeshaConfig } from './ganesha-config.ts'

export interface NfsServerOptions {
  /** Of this server alone: settings, log, pid file, and what it remembers of its clients from one life to the next. Made when missing. */
  readonly dir: string
  /** Seen by clients as `/`. ext4, xfs or tmpfs; an overlay has no file handles. Must be there. */
  readonly exportDir: string
  /** Ends the start, not the server. */
  readonly signal?: AbortSignal
}

/** NFS-Ganesha: an NFSv4.1 and 4.2 server on the loopback, without TLS and without extended attributes. Disposing kills it. */
export interface NfsServer extends AsyncDisposable {
  /** The same in every life. */
  readonly port: number
  readonly logPath: string
  /** After `stop` or `kill`: the next life. Clients get their opens and locks back. Resolves when it accepts connections. */
  start(): Promise<void>
  /** In good order, as for maintenance. */
  stop(): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
}

const readyLimitMs = 60_000
const readyText = 'NFS SERVER INITIALIZED'

/** Needs root and what builds it: declare `needs(...vmNeeds)`. @throws with the end of its log when it does not start. */
export async function startGanesha({ dir, exportDir, signal }: NfsServerOptions): Promise<NfsServer> {
  const { loaderPath, loaderArgs, pluginsDir } = await buildGanesha(signal)
  const recoveryDir = join(dir, 'recovery')
  await mkdir(recoveryDir, { recursive: true })
  const port = await freePort()
  const configPath = join(dir, 'ganesha.conf')
  const logPath = join(dir, 'ganesha.log')
  await writeFile(configPath, ganeshaConfig({ pluginsDir, port, exportDir, recoveryDir }))

  const startLife = async () => {
    const lives = await readyCount(logPath)
    const args = [...loaderArgs, '-F', '-f', configPath, '-L', logPath, '-p', join(dir, 'ganesha.pid')]
    const server = await spawnGuarded(loaderPath, args, {
      logPath: join(dir, 'output.log'),
    })
    try {
      await waitFor(
        async () => {
          if (server.hasExited) throw new Error('it ended at once')
          return (await readyCount(logPath)) > lives
        },
        { what: 'the NFS server to be ready', limitMs: readyLimitMs },
      )
      return server
    } catch (error) {
      await server.kill()
      const log = (await readLog(logPath)).split('\n').slice(-20).join('\n')
      throw new Error(`nfs-ganesha did not start:\n${log}`, { cause: error })
    }
  }

  let life: GuardedProcess = await startLife()
  return {
    port,
    logPath,
    start: async () => {
      if (!life.hasExited) throw new Error('the NFS server is running')
      life = await startLife()
    },
    stop: async () => {
      life.terminate()
      await within(life.exited, 'the NFS server to stop', readyLimitMs)
    },
    kill: () => life.kill(),
    [Symbol.asyncDispose]: () => life.kill(),
  }
}

/** Each life says it once; the log is appended to. */
async function readyCount(logPath: string): Promise<number> {
  return (await readLog(logPath)).split(readyText).length - 1
}

function readLog(logPath: string): Promise<string> {
  return readFile(logPath, 'utf8').catch(() => '')
}
