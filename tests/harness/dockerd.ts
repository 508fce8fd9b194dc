import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'

import { programOf } from './needs.ts'
import { runProgram } from './run-program.ts'
import { makeTempDir } from './temp-dir.ts'
import { waitFor, within } from './wait-for.ts'

/** A Docker engine of one suite's own: its data, socket and network are apart from any other engine of the machine. */
export interface Dockerd extends AsyncDisposable {
  readonly socketPath: string
  /** Ends it as a restart of the engine does; `start` brings it back with all it had. */
  stop(): Promise<void>
  start(): Promise<void>
}

/** Needs root, `docker.io` and `iproute2`. Its containers reach each other and the host, and nothing else. */
export async function startDockerd(): Promise<Dockerd> {
  const temp = await makeTempDir('dockerd')
  const bridge = await addBridge()
  const socketPath = join(temp.dir, 'docker.sock')
  const configPath = join(temp.dir, 'daemon.json')
  await writeFile(configPath, '{}')
  const args = [
    ...[
      '--config-file',
      configPath,
      '--host',
      `unix://${socketPath}`,
      '--pidfile',
      join(temp.dir, 'docker.pid'),
    ],
    ...['--data-root', join(temp.dir, 'data'), '--exec-root', join(temp.dir, 'exec')],
    // A dockerd that is told of no bridge would remove docker0, which may be that of the machine's own engine.
    ...['--bridge', bridge, '--iptables=false', '--ip6tables=false', '--ip-forward=false'],
    '--storage-driver=overlay2',
  ]
  let end = (): Promise<void> => Promise.resolve()
  const start = async (): Promise<void> => {
    const logPath = join(temp.dir, 'dockerd.log')
    const log = openSync(logPath, 'a')
    const child = spawn(programOf('docker.io'), args, { stdio: ['ignore', log, log] })
    closeSync(log)
    const exited = once(child, 'exit')
    end = async () => {
      child.kill('SIGTERM')
      await within(exited, 'dockerd to end', 30_000)
    }
    await waitFor(
      async () => {
        if (child.exitCode !== null) throw new Error(`dockerd ended: ${await readFile(logPath, 'utf8')}`)
        return await isUp(socketPath)
      },
      { what: 'dockerd', limitMs: 60_000 },
    )
  }
  await start()
  return {
    socketPath,
    start,
    stop: () => end(),
    [Symbol.asyncDispose]: async () => {
      await end()
      await runProgram(programOf('iproute2'), ['link', 'delete', bridge])
      await temp[Symbol.asyncDispose]()
    },
  }
}

/** A folder that can be built: nothing but busybox, by the names in `programs`, and `files`. Needs `busybox-static`. */
export async function makeBuildContext(
  dir: string,
  { dockerfile, programs = [] }: { readonly dockerfile: string; readonly programs?: readonly string[] },
): Promise<string> {
  const binDir = join(dir, 'rootfs', 'bin')
  await mkdir(binDir, { recursive: true })
  await cp(programOf('busybox-static'), join(binDir, 'busybox'))
  for (const program of programs) await symlink('busybox', join(binDir, program))
  await writeFile(join(dir, 'Dockerfile'), dockerfile)
  return dir
}

async function addBridge(): Promise<string> {
  const ip = programOf('iproute2')
  const name = `mbt${randomBytes(4).toString('hex')}`
  const [third = 0, fourth = 0] = randomBytes(2)
  await runProgram(ip, ['link', 'add', name, 'type', 'bridge'])
  await runProgram(ip, ['address', 'add', `10.${100 + (third % 100)}.${fourth}.1/24`, 'dev', name])
  await runProgram(ip, ['link', 'set', name, 'up'])
  return name
}

async function isUp(socketPath: string): Promise<boolean> {
  return await new Promise((resolve) => {
    request({ socketPath, path: '/_ping' }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
      .once('error', () => resolve(false))
      .end()
  })
}
