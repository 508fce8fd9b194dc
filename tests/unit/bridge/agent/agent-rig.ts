import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'

import { parseMounts } from '../../../../docker/bridge/agent/mount/mount-table.ts'
import { runAgent } from '../../../../docker/bridge/agent/run-agent.ts'
import { healthSchema, type BridgeEvent, type Health } from '../../../../docker/bridge/api/control.ts'
import { agentStartSchema, type AgentStartInput } from '../../../../docker/bridge/api/start.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { freePort } from '../../../harness/nfs/free-port.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'
import { waitFor, within } from '../../../harness/wait-for.ts'
import { followEvents } from '../follow-events.ts'

export const token = 'ab'.repeat(32)

const fixture = (name: string): string => join(import.meta.dirname, '../../../fixtures/bridge', name)

export interface AgentRigOptions {
  readonly start?: Partial<AgentStartInput>
  /** `ok`, `hang`, or what mount.nfs4 complains about. */
  readonly mount?: string
  /** The options of umount, joined, that take the mount down: ``, `-f`, `-l`; `never`. */
  readonly umount?: string
  /** `answer`, `silent`, or an error's code. */
  readonly probe?: string
  readonly mayMount?: boolean
  readonly isTunnelThere?: () => boolean
  readonly tunnelControlPort?: number
}

export interface AgentRig extends AsyncDisposable {
  readonly clock: FakeClock
  readonly events: readonly BridgeEvent[]
  readonly exitCode: Promise<number>
  readonly filesPort: number
  readonly mountDir: string
  /** What the fake programs were called with, in order. */
  calls(): Promise<readonly string[]>
  health(): Promise<Health>
  untilState(state: Health['state']): Promise<Health>
  request(method: string, path: string, body?: object, authorization?: string): Promise<Response>
  behave(what: 'mount' | 'umount' | 'probe', how: string): Promise<void>
  end(): void
}

/** An agent in this process, with real sockets and child processes; mount.nfs4, umount, probe and file service are fakes. */
export async function startAgentRig(options: AgentRigOptions = {}): Promise<AgentRig> {
  const temp = await makeTempDir('agent')
  const inTemp = (name: string): string => join(temp.dir, name)
  const mountDir = inTemp('mount')
  const behave: AgentRig['behave'] = (what, how) => writeFile(inTemp(what), how)
  await mkdir(inTemp('run'))
  await behave('mount', options.mount ?? 'ok')
  await behave('umount', options.umount ?? '')
  await behave('probe', options.probe ?? 'answer')
  await writeFile(inTemp('mountinfo'), '')
  await writeFile(inTemp('calls'), '')
  await writeFakePrograms(temp.dir, mountDir, options.mayMount ?? true)
  // The newest first; each test file has an environment of its own.
  process.env['PATH'] = `${inTemp('bin')}:${process.env['PATH']}`

  const clock = new FakeClock()
  const controlPort = await freePort()
  const filesPort = await freePort()
  const ending = new AbortController()
  const exitCode = runAgent({
    start: agentStartSchema.parse({
      role: 'agent',
      token,
      fileSystemId: 'fs-1',
      region: 'eu-central-1',
      ...options.start,
    }),
    mountDir,
    runDir: inTemp('run'),
    ports: { files: filesPort, nfs: 20_490, tunnelControl: options.tunnelControlPort ?? (await freePort()) },
    controlHost: '127.0.0.1',
    controlPort,
    probeCommand: [process.execPath, fixture('fake-probe.ts'), inTemp('probe')],
    filesCommand: [process.execPath, fixture('fake-file-service.ts'), inTemp('calls')],
    versions: { agent: '1', node: '24', kernel: '6' },
    readMounts: async () => parseMounts(await readFile(inTemp('mountinfo'), 'utf8')),
    isListening: () => Promise.resolve(options.isTunnelThere?.() ?? true),
    clock,
    output: new PassThrough().resume(),
    signal: ending.signal,
  })
  const request: AgentRig['request'] = (method, path, body, authorization = `Bearer ${token}`) =>
    fetch(`http://127.0.0.1:${controlPort}${path}`, {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const events: BridgeEvent[] = []
  const stream = await waitFor(() => request('GET', '/v1/events').catch(() => undefined), {
    what: 'the control service',
  })
  const reading = followEvents(stream, events)
  const health = async (): Promise<Health> =>
    healthSchema.parse(await (await request('GET', '/v1/health')).json())
  const end = (): void => ending.abort()
  return {
    clock,
    events,
    exitCode,
    filesPort,
    mountDir,
    calls: async () => (await readFile(inTemp('calls'), 'utf8')).split('\n').slice(0, -1),
    health,
    untilState: (state) =>
      waitFor(
        async () => {
          const now = await health()
          return now.state === state ? now : undefined
        },
        { what: `the state ${state}` },
      ),
    request,
    behave,
    end,
    [Symbol.asyncDispose]: async () => {
      end()
      await within(exitCode, 'the end of the agent')
      await reading
      await temp[Symbol.asyncDispose]()
    },
  }
}

async function writeFakePrograms(dir: string, mountDir: string, mayMount: boolean): Promise<void> {
  const entry = `31 27 0:52 / ${mountDir} rw,relatime - nfs4 127.0.0.1:/ rw,vers=4.2`
  const programs = {
    'mount.nfs4': `echo "mount.nfs4 $*" >> ${dir}/calls
how=$(cat ${dir}/mount)
case "$how" in
ok) echo '${entry}' > ${dir}/mountinfo ;;
hang) sleep 1000 & echo "hanging $!" >> ${dir}/calls; wait ;;
*) echo "$how" >&2; exit 32 ;;
esac`,
    mount: mayMount ? 'exit 0' : 'exit 32',
    // Of what is not the drive's own mount nothing is noted.
    umount: `case "$*" in *${mountDir}) ;; *) exit 0 ;; esac
echo "umount $*" >> ${dir}/calls
case "$*" in "-i -c $(cat ${dir}/umount)"*) : > ${dir}/mountinfo ;; *) exit 32 ;; esac`,
  }
  await mkdir(join(dir, 'bin'))
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(dir, 'bin', name), `#!/bin/sh\n${script}\n`)
    await chmod(join(dir, 'bin', name), 0o755)
  }
}
