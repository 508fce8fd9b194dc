import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { agentContainer, ownLabels, tunnelContainer } from '../../src-main/services/bridge/container-specs.ts'
import type { ContainerSpec } from '../../src-main/services/engine/container-spec.ts'
import { createDockerEngine } from '../../src-main/services/engine/docker-engine.ts'
import type { ContainerEvent, Engine } from '../../src-main/services/engine/engine.ts'
import { isAppError, type AppError } from '../../src-main/shared/errors.ts'
import { makeBuildContext, startDockerd, type Dockerd } from '../harness/dockerd.ts'
import { bridgeSpec } from '../fixtures/bridge-spec.ts'
import { needs } from '../harness/needs.ts'
import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'
import { waitFor, within } from '../harness/wait-for.ts'

const image = 'mountbar-test:one'
const labels = { 'mountbar.installation': 'suite' }
const programs = ['sh', 'grep', 'cat', 'echo', 'nc', 'id', 'sleep', 'touch']

/** Says what it was told, then stays until its stdin ends. */
const echoStdin = ['sh', '-c', 'read line; echo "told: $line"; cat > /dev/null; echo ended; exit 7']

needs(
  'root',
  'docker.io',
  'iproute2',
  'busybox-static',
)('the engine adapter with a real dockerd', () => {
  let dockerd: Dockerd
  let temp: TempDir
  const resources = new AsyncDisposableStack()
  let engine: Engine

  beforeAll(async () => {
    temp = resources.use(await makeTempDir('docker-engine'))
    dockerd = resources.use(await startDockerd())
    engine = createDockerEngine({ kind: 'socket', path: dockerd.socketPath })
    await makeBuildContext(temp.dir, {
      dockerfile: [
        'ARG GREETING=none',
        'FROM scratch AS base',
        'COPY rootfs/ /',
        'FROM base AS unneeded',
        'RUN ["/bin/sh", "-c", "exit 1"]',
        'FROM base',
        'ARG GREETING',
        'RUN ["/bin/sh", "-c", "echo built with $GREETING"]',
      ].join('\n'),
      programs,
    })
  }, 120_000)

  afterAll(() => resources.disposeAsync(), 60_000)

  function specOf(
    name: string,
    command: readonly string[],
    more: Partial<ContainerSpec> = {},
  ): ContainerSpec {
    return {
      name,
      image,
      command,
      user: '0:0',
      labels,
      capabilities: [],
      isConfinedByAppArmor: false,
      tmpfs: { '/run': 'rw,mode=1777,size=1m' },
      memoryBytes: 64 * 1024 * 1024,
      maxProcesses: 32,
      stopTimeoutSeconds: 1,
      network: { kind: 'own', hostname: 'bridge-suite-one', publishedPorts: [] },
      ...more,
    }
  }

  test('says what it is', async () => {
    expect(await engine.describe()).toMatchObject({ kind: 'docker', os: 'linux', isRootless: false })
  })

  test('builds an image, without the stages that are not needed, and tells what it is at', async () => {
    const lines: string[] = []
    expect(await engine.hasImage(image)).toBe(false)
    await engine.buildImage(
      { contextDir: temp.dir, ref: image, args: { GREETING: 'hello' }, labels: {} },
      (line) => lines.push(line),
    )
    expect(await engine.hasImage(image)).toBe(true)
    expect(lines.join('\n')).toContain('built with hello')
  }, 60_000)

  test('says in a failed build’s own last lines why it failed', async () => {
    await using failing = await makeTempDir('failing-build')
    await makeBuildContext(failing.dir, {
      dockerfile: 'FROM scratch\nCOPY rootfs/ /\nRUN ["/bin/sh", "-c", "echo out of flour; exit 3"]\n',
      programs,
    })
    const build = engine.buildImage(
      { contextDir: failing.dir, ref: 'mountbar-test:failing', args: {}, labels: {} },
      () => undefined,
    )
    const error = await failureOf(build)
    expect(error).toMatchObject({
      code: 'image-build-failed',
      args: { reason: expect.stringMatching(/3/) as string },
    })
    expect(String(error.args['lastLines'])).toContain('out of flour')
    expect(await engine.hasImage('mountbar-test:failing')).toBe(false)
  }, 60_000)

  test('says when there is nothing to build', async () => {
    const build = engine.buildImage(
      { contextDir: `${temp.dir}/nowhere`, ref: 'mountbar-test:none', args: {}, labels: {} },
      () => undefined,
    )
    expect(await failureOf(build)).toMatchObject({ code: 'image-build-failed' })
  })

  test('stops building when it is told to', async () => {
    await using slow = await makeTempDir('slow-build')
    await makeBuildContext(slow.dir, {
      dockerfile: 'FROM scratch\nCOPY rootfs/ /\nRUN ["/bin/sh", "-c", "echo resting; sleep 100"]\n',
      programs,
    })
    const stopping = new AbortController()
    const build = engine.buildImage(
      { contextDir: slow.dir, ref: 'mountbar-test:slow', args: {}, labels: {} },
      (line) => {
        if (line.includes('resting')) stopping.abort()
      },
      stopping.signal,
    )
    expect(await within(failureOf(build), 'the build to end', 20_000)).toMatchObject({ code: 'cancelled' })
  }, 60_000)

  test('says when an image cannot be fetched', async () => {
    const pull = engine.pullImage('127.0.0.1:9/mountbar/none:1', () => undefined)
    expect(await failureOf(pull)).toMatchObject({ code: 'image-pull-failed' })
  }, 60_000)

  test('says when a container’s image is not there', async () => {
    const created = engine.createContainer({ ...specOf('no-image', []), image: 'mountbar-test:gone' })
    expect(await failureOf(created)).toMatchObject({
      code: 'image-missing',
      args: { image: 'mountbar-test:gone' },
    })
  })

  test('tells images by their labels and whether they are used, and removes none that is', async () => {
    const marked = { 'mountbar.image': 'suite' }
    const [free, used] = ['mountbar-test:free', 'mountbar-test:used']
    for (const ref of [free, used]) {
      const request = { contextDir: temp.dir, ref, args: { GREETING: ref }, labels: { ...marked, ref } }
      await engine.buildImage(request, () => undefined)
    }
    const id = await engine.createContainer({ ...specOf('of-used', ['sh']), image: used })
    const listed = await engine.listImages(marked)
    expect(listed.map(({ refs, isUsed }) => ({ refs, isUsed }))).toEqual(
      expect.arrayContaining([
        { refs: [free], isUsed: false },
        { refs: [used], isUsed: true },
      ]),
    )
    expect(listed).toHaveLength(2)
    expect(await failureOf(engine.removeImage(used))).toMatchObject({ code: 'engine-failed' })
    await engine.removeImage(free)
    await engine.removeImage(free)
    expect([await engine.hasImage(free), await engine.hasImage(used)]).toEqual([false, true])
    await engine.removeContainer(id)
  }, 60_000)

  test('hands a container its line on stdin, and the end of stdin ends it', async () => {
    const events: ContainerEvent[] = []
    using stream = await engine.followEvents(labels, (event) => events.push(event))
    const id = await engine.createContainer(specOf('told', echoStdin))
    const input = await engine.startContainer(id, '{"secret":"pa55"}')
    const lines: string[] = []
    const followed = engine.followLogs(id, (line) => lines.push(line), new AbortController().signal)
    await waitFor(() => lines.includes('told: {"secret":"pa55"}'), { what: 'the line to arrive' })
    expect((await engine.inspectContainer(id))?.state).toBe('running')

    input[Symbol.dispose]()
    await within(followed, 'its log to end')
    await waitFor(() => events.find((event) => event.type === 'died'), { what: 'the event of its end' })
    expect(events).toContainEqual({ type: 'died', containerId: id, exitCode: 7 })
    expect(await engine.inspectContainer(id)).toMatchObject({ state: 'exited', exitCode: 7 })
    expect(await engine.lastLogLines(id, 1)).toEqual(['ended'])
    await engine.removeContainer(id)
    await waitFor(() => events.some((event) => event.type === 'removed'), {
      what: 'the event of its removal',
    })
    stream[Symbol.dispose]()
    await within(stream.closed, 'the events to end')
  }, 30_000)

  test('ends a container whose starter has died', async () => {
    const id = await engine.createContainer(specOf('orphan', echoStdin))
    const starter = execa(process.execPath, ['--input-type=module'], {
      input: starterProgram(dockerd.socketPath, id),
      reject: false,
    })
    await waitFor(async () => (await engine.lastLogLines(id, 5)).some((line) => line.startsWith('told')), {
      what: 'the container to be told',
      limitMs: 20_000,
    })
    starter.kill('SIGKILL')
    await starter
    await waitFor(async () => (await engine.inspectContainer(id))?.state === 'exited', { what: 'its end' })
    await engine.removeContainer(id)
  }, 40_000)

  test('gives a container the rights it asks for and no other', async () => {
    const probe = [
      'echo "host $(cat /proc/sys/kernel/hostname)"',
      'echo "caps $(grep CapEff /proc/self/status)"',
      'touch /here 2>/dev/null && echo root writable',
      'touch /run/here && echo run writable',
    ].join('; ')
    const id = await engine.createContainer(
      specOf('probe', ['/bin/busybox', 'sh', '-c', probe], { capabilities: ['SYS_ADMIN'] }),
    )
    using _input = await engine.startContainer(id, '')
    await waitFor(async () => (await engine.inspectContainer(id))?.state === 'exited', { what: 'its end' })
    const lines = await engine.lastLogLines(id, 10)
    expect(lines).toEqual(['host bridge-suite-one', 'caps CapEff:\t0000000000200000', 'run writable'])
    await engine.removeContainer(id)
  }, 30_000)

  test('publishes ports on 127.0.0.1, and lets a second container into the network of the first', async () => {
    const serve = ['sh', '-c', 'nc -l -p 7400 -e echo from-seven & cat > /dev/null']
    const network = { kind: 'own', hostname: 'bridge-suite-one', publishedPorts: [7400, 7401] } as const
    const id = await engine.createContainer(specOf('server', serve, { network }))
    using _input = await engine.startContainer(id, '')
    const details = (await engine.inspectContainer(id))!
    expect([...details.publishedPorts.keys()].toSorted()).toEqual([7400, 7401])
    expect(details.publishedPorts.get(7400)).toMatchObject({ host: '127.0.0.1' })
    expect(details.publishedPorts.get(7400)?.port).toBeGreaterThan(1024)

    const beside = await engine.createContainer(
      // The server may not listen yet.
      specOf('beside', ['sh', '-c', 'until nc 127.0.0.1 7400 < /dev/null; do sleep 1; done'], {
        network: { kind: 'of-container', containerId: id },
        user: '7400:7400',
      }),
    )
    using _besideInput = await engine.startContainer(beside, '')
    await waitFor(async () => (await engine.lastLogLines(beside, 5)).includes('from-seven'), {
      what: 'its answer',
    })
    for (const one of [id, beside]) await engine.removeContainer(one)
  }, 30_000)

  test('runs the two containers of a bridge with what they are given', async () => {
    await using context = await makeTempDir('bridge-image')
    const ref = 'mountbar-test:bridge'
    const probe = [
      'read line; echo "$1 was told $line"; id -u',
      'touch /run/mountbar/key && echo may write there',
      'touch /here 2>/dev/null && echo root writable',
      'grep -q host.docker.internal /etc/hosts && echo knows its host',
      'cat > /dev/null',
    ].join('; ')
    await writeFile(
      join(context.dir, 'Dockerfile'),
      `FROM ${image}\nENTRYPOINT ${JSON.stringify(['/bin/sh', '-c', probe, 'sh'])}\n`,
    )
    await engine.buildImage({ contextDir: context.dir, ref, args: {}, labels: {} }, () => undefined)
    const names = { lifeId: 'one', image: ref, fingerprint: 'f' }
    const agent = await engine.createContainer(agentContainer(bridgeSpec, names))
    using _agentInput = await engine.startContainer(agent, 'A')
    const tunnel = await engine.createContainer(tunnelContainer(bridgeSpec, names, agent))
    using _tunnelInput = await engine.startContainer(tunnel, 'T')
    const logOf = (id: string): Promise<readonly string[]> =>
      waitFor(
        async () => {
          const lines = await engine.lastLogLines(id, 10)
          return lines.length >= 4 && lines
        },
        { what: 'its log' },
      )
    expect(await logOf(agent)).toEqual(['agent was told A', '0', 'may write there', 'knows its host'])
    expect(await logOf(tunnel)).toEqual(['tunnel was told T', '7400', 'may write there', 'knows its host'])
    expect(await engine.listContainers(ownLabels(bridgeSpec))).toHaveLength(2)
    for (const id of [agent, tunnel]) await engine.removeContainer(id)
  }, 60_000)

  test('says when a name is taken', async () => {
    const id = await engine.createContainer(specOf('taken', echoStdin))
    expect(await failureOf(engine.createContainer(specOf('taken', echoStdin)))).toMatchObject({
      code: 'engine-failed',
    })
    await engine.removeContainer(id)
  })

  test('finds containers by their labels, and by all of them', async () => {
    const mine = await engine.createContainer(
      specOf('mine', ['sh'], { labels: { ...labels, 'mountbar.drive': 'a' } }),
    )
    const other = await engine.createContainer(specOf('other', ['sh'], { labels: { 'mountbar.drive': 'a' } }))
    const found = await engine.listContainers({ ...labels, 'mountbar.drive': 'a' })
    expect(found).toMatchObject([{ id: mine, state: 'created', labels: { 'mountbar.drive': 'a' } }])
    for (const one of [mine, other]) await engine.removeContainer(one)
    expect(await engine.listContainers({ 'mountbar.drive': 'a' })).toEqual([])
  })

  test('takes it for done when a container that should end is gone already', async () => {
    const id = await engine.createContainer(specOf('gone', echoStdin))
    await engine.killContainer(id)
    await engine.stopContainer(id, 0)
    await engine.removeContainer(id)
    await engine.stopContainer(id, 0)
    await engine.killContainer(id)
    await engine.removeContainer(id)
    expect(await engine.inspectContainer(id)).toBeUndefined()
    expect(await engine.lastLogLines(id, 5)).toEqual([])
  }, 30_000)

  test('kills a container that does not end by itself', async () => {
    const id = await engine.createContainer(specOf('stubborn', ['sh', '-c', 'trap "" TERM; sleep 1000']))
    using _input = await engine.startContainer(id, '')
    await engine.stopContainer(id, 1000)
    expect((await engine.inspectContainer(id))?.state).toBe('exited')
    await engine.removeContainer(id)
  }, 30_000)

  test('knows a container that used too much memory', async () => {
    const id = await engine.createContainer(
      specOf('hungry', ['sh', '-c', 'x=mountbar; while true; do x=$x$x; done'], {
        memoryBytes: 16 * 1024 * 1024,
      }),
    )
    using _input = await engine.startContainer(id, '')
    await waitFor(async () => (await engine.inspectContainer(id))?.state === 'exited', {
      what: 'its end',
      limitMs: 30_000,
    })
    expect((await engine.inspectContainer(id))?.wasOutOfMemory).toBe(true)
    await engine.removeContainer(id)
  }, 60_000)

  test('notices that the engine goes, says so, and goes on when it is back', async () => {
    using stream = await engine.followEvents(labels, () => undefined)
    await dockerd.stop()
    await within(stream.closed, 'the events to end')
    expect(await failureOf(engine.describe())).toMatchObject({ code: 'engine-not-running' })
    await dockerd.start()
    expect(await engine.hasImage(image)).toBe(true)
  }, 90_000)
})

async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isAppError(error)) throw new Error('expected an AppError', { cause: error })
  return error
}

/** A program that starts container `id` and stays, until it is killed. */
function starterProgram(socketPath: string, id: string): string {
  const adapter = new URL('../../src-main/services/engine/docker-engine.ts', import.meta.url)
  return `
    import { createDockerEngine } from ${JSON.stringify(adapter.href)}
    const engine = createDockerEngine({ kind: 'socket', path: ${JSON.stringify(socketPath)} })
    await engine.startContainer(${JSON.stringify(id)}, 'by another process')
    setInterval(() => undefined, 1000)
  `
}
