import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { isAlive } from '../harness/command-home.ts'
import { needs } from '../harness/needs.ts'
import { startGanesha, type NfsServer } from '../harness/nfs/ganesha.ts'
import { runProgram } from '../harness/run-program.ts'
import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'
import { baseImage } from '../harness/vm/build-vm.ts'
import { startVm, type Vm } from '../harness/vm/start-vm.ts'
import { vmNeeds } from '../harness/vm/vm-needs.ts'
import { waitFor } from '../harness/wait-for.ts'

/** Generous: the VM's processor is emulated, and other suites may share the machine. */
const limitMs = 250_000

const holderPath = fileURLToPath(new URL('../fixtures/vm-holder.ts', import.meta.url))

/** What the builders of the last years can do, the older one cannot. */
const dockerfile = `
ARG BASE_IMAGE
FROM \${BASE_IMAGE} AS parts
COPY greeting /parts/
FROM \${BASE_IMAGE}
COPY --from=parts --chmod=644 /parts/greeting /greeting
RUN --mount=type=tmpfs,target=/scratch printf ', rig' >> /greeting
CMD ["cat", "/greeting"]
`

/** Says how long a connection takes from the container to the host, in ms. */
const connectTimer = `
  const since = performance.now()
  require("net").connect(process.argv[1], "host.docker.internal", function () {
    console.log(performance.now() - since)
    this.destroy()
  })`

/** Counts in a file that it keeps open and locked, until told that it is enough. */
const appender = [
  'exec 9> /mnt/s3/held; flock 9; i=0',
  'until test -e /tmp/enough; do i=$((i + 1)); echo $i >&9; sync /mnt/s3/held; sleep 0.2; done 2> /tmp/appender-errors',
  'touch /tmp/appended',
].join('; ')

const mountOptions = 'vers=4.2,hard,timeo=600,retrans=2,noresvport'

needs(...vmNeeds)('the VM that stands in for Docker Desktop', () => {
  const stack = new AsyncDisposableStack()
  let temp: TempDir
  let exportDir: string
  let nfs: NfsServer
  let vm: Vm

  beforeAll(async () => {
    temp = stack.use(await makeTempDir('rig'))
    exportDir = join(temp.dir, 'export')
    await mkdir(exportDir)
    nfs = stack.use(await startGanesha({ dir: join(temp.dir, 'nfs'), exportDir }))
    vm = stack.use(await startVm({ dir: join(temp.dir, 'vm') }))
    await vm.exec(
      `docker run --detach --init --name client --cap-drop ALL --cap-add SYS_ADMIN ${baseImage} sh -c 'mkdir /mnt/s3 && mount -t nfs4 -o ${mountOptions},port=${nfs.port} host.docker.internal:/ /mnt/s3 && exec sleep infinity'`,
      { limitMs },
    )
    const isMounted = () => inClient('grep -q " /mnt/s3 nfs4 .*vers=4.2" /proc/mounts').then(yes, no)
    await waitFor(isMounted, { what: 'the mount in the container', limitMs })
  })

  afterAll(() => stack.disposeAsync())

  const api = (path: string, init?: RequestInit) =>
    fetch(`${vm.dockerHost.replace('tcp:', 'http:')}${path}`, init)
  const inClient = (script: string) => vm.exec(`docker exec -i client sh -c '${script}'`, { limitMs })
  /** 124 is what timeout(1) ends with when nothing was heard. */
  const connectToServer = () => inClient(`timeout 5 bash -c "< /dev/tcp/host.docker.internal/${nfs.port}"`)
  const serverFile = (name: string) => join(exportDir, name)
  const serverText = (name: string) => readFile(serverFile(name), 'utf8').catch(() => '')

  const connectMs = async () =>
    Number(await vm.exec(`docker exec client node -e '${connectTimer}' ${nfs.port}`, { limitMs }))

  /** Resolves with its URL once it answers. */
  const startWebServer = async (name: string, options = ''): Promise<string> => {
    const server = `require("http").createServer((_, reply) => reply.end("hello from ${name}")).listen(80)`
    const run = `docker run --detach --init --name ${name} --publish 127.0.0.1::80 ${options} ${baseImage}`
    await vm.exec(`${run} node -e '${server}'`, { limitMs })
    return urlOf(name)
  }
  /** Docker gives a container another port with each start, where none was asked for. */
  const urlOf = async (name: string): Promise<string> => {
    const published = async () => (await vm.exec(`docker port ${name} 80/tcp || true`)).trim()
    const answers = async () => {
      const url = `http://${await published()}/`
      return get(url).then(
        () => url,
        () => undefined,
      )
    }
    return waitFor(answers, { what: `the web server ${name}`, limitMs })
  }

  test('its engine answers on a port of the loopback', async () => {
    expect(await (await api('/_ping')).text()).toBe('OK')
    expect(await (await api('/version')).json()).toMatchObject({ Os: 'linux', Arch: 'amd64' })
  })

  test('what a container writes over NFSv4.2 is on the server, byte for byte', async () => {
    const said = await inClient('head -c 3000001 /dev/urandom | tee /mnt/s3/up | sha256sum; sync /mnt/s3/up')
    expect(said).toContain(sha256(await readFile(serverFile('up'))))
  })

  test('what is on the server a container reads over NFSv4.2, byte for byte', async () => {
    const content = Buffer.alloc(3_000_001, 'what the bucket had before')
    await writeFile(serverFile('down'), content)
    expect(await inClient('sha256sum /mnt/s3/down')).toContain(sha256(content))
  })

  test('a Dockerfile with COPY and RUN is built on the base image through the API', async () => {
    const contextDir = join(temp.dir, 'context')
    await mkdir(contextDir)
    await writeFile(join(contextDir, 'greeting'), 'good morning')
    await writeFile(join(contextDir, 'Dockerfile'), dockerfile)
    const tarPath = join(temp.dir, 'context.tar')
    await runProgram('tar', ['--create', '--file', tarPath, '--directory', contextDir, '.'])
    const query = `t=rig-built&version=2&buildargs=${encodeURIComponent(JSON.stringify({ BASE_IMAGE: baseImage }))}`
    const reply = await api(`/build?${query}`, { method: 'POST', body: await readFile(tarPath) })
    expect(reply.status).toBe(200)
    expect(await reply.text()).not.toContain('errorDetail')
    expect(await vm.exec('docker run --rm rig-built', { limitMs })).toBe('good morning, rig')
  })

  test('a published port is open on the loopback, and closed when its container is gone', async () => {
    const url = await startWebServer('web')
    expect(await get(url)).toBe('hello from web')
    await vm.exec('docker rm --force web', { limitMs })
    await expect(get(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  })

  test('sleeps and wakes: nothing answers meanwhile, and afterwards the clock is right', async () => {
    await vm.pause()
    await expect(api('/_ping', { signal: AbortSignal.timeout(2_000) })).rejects.toThrow('timeout')
    const asked = api('/_ping')
    await vm.resume()
    expect((await asked).status).toBe(200)
    const clock = Number(await vm.exec('date +%s'))
    expect(Math.abs(clock - Date.now() / 1000)).toBeLessThan(10)
    await inClient('echo awake > /mnt/s3/awake')
    expect(await serverText('awake')).toBe('awake\n')
  })

  test('loses the network and gets it back: containers wait, the engine and published ports do not', async () => {
    const url = await startWebServer('web')
    await vm.cutNetwork()
    // One open in many that the cut catches half way fails, hard mount or not: whoever writes has to try again.
    const writer = 'until echo late > /mnt/s3/late; do sleep 1; done'
    await vm.exec(`docker exec --detach client sh -c "${writer}"`, { limitMs })
    await expect(connectToServer()).rejects.toThrow('exit code 124')
    expect((await api('/_ping')).status).toBe(200)
    expect(await get(url)).toBe('hello from web')
    expect(await serverText('late')).toBe('')
    await vm.restoreNetwork()
    await waitFor(async () => (await serverText('late')) === 'late\n', {
      what: 'the write to arrive',
      limitMs,
    })
    await connectToServer()
    await vm.exec('docker rm --force web', { limitMs })
  })

  test('delays what containers send, and stops doing so', async () => {
    await vm.setDelay(400)
    expect(await connectMs()).toBeGreaterThanOrEqual(400)
    await vm.setDelay(0)
    await waitFor(async () => (await connectMs()) < 400, { what: 'a connection without delay', limitMs })
  })

  test('a client keeps its open and locked file when the NFS server is killed and comes back', async () => {
    await vm.exec(`docker exec --detach client sh -c '${appender}'`, { limitMs })
    const lines = async () => (await serverText('held')).split('\n').length - 1
    const grows = async (what: string) => {
      const before = await lines()
      await waitFor(async () => (await lines()) > before, { what, limitMs })
    }
    await grows('the first lines')
    await nfs.kill()
    await nfs.start()
    await grows('lines in the second life')
    await expect(inClient('flock --nonblock /mnt/s3/held true')).rejects.toThrow('exit code 1 ')
    await inClient('touch /tmp/enough')
    await waitFor(() => inClient('test -e /tmp/appended').then(yes, no), {
      what: 'the appender to end',
      limitMs,
    })
    expect(await inClient('cat /tmp/appender-errors')).toBe('')
    const counted = (await serverText('held')).trim().split('\n').map(Number)
    expect(counted).toEqual(counted.map((_, at) => at + 1))
  })

  test('the engine restarts, and containers that ask for it come back with their port', async () => {
    await startWebServer('steady', '--restart always')
    await vm.restartEngine()
    const url = await urlOf('steady')
    expect(await get(url)).toBe('hello from steady')
  })

  test('is gone when it is killed', async () => {
    await vm.kill()
    expect(await isAlive(vm.pid)).toBe(false)
    await expect(api('/_ping')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  })

  test('does not outlive the process that started it, however that ends', async () => {
    const holder = spawn(process.execPath, [holderPath, join(temp.dir, 'orphan')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(createInterface(holder.stdout), 'line')) as [string]
    const pid = Number(line)
    expect(await isAlive(pid)).toBe(true)
    holder.kill('SIGKILL')
    await waitFor(async () => !(await isAlive(pid)), { what: 'QEMU to end', limitMs })
  })
})

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** With a limit of its own: a port that is forwarded to a container which is only starting may be silent for minutes. */
async function get(url: string): Promise<string> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(10_000) })
  return reply.text()
}

const yes = () => true
const no = () => false
