import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { parseEngineAddress } from '../../../../src-main/services/engine/engine-address.ts'
import { findEngines, type EngineSurroundings } from '../../../../src-main/services/engine/find-engines.ts'
import { makeTempDir, type TempDir } from '../../../harness/temp-dir.ts'

describe('the address of an engine', () => {
  test.each([
    ['unix:///var/run/docker.sock', { kind: 'socket', path: '/var/run/docker.sock' }],
    ['/var/run/docker.sock', { kind: 'socket', path: '/var/run/docker.sock' }],
    ['tcp://127.0.0.1:2375', { kind: 'tcp', host: '127.0.0.1', port: 2375 }],
    ['tcp://localhost:2375', { kind: 'tcp', host: 'localhost', port: 2375 }],
    ['tcp://[::1]:2375', { kind: 'tcp', host: '::1', port: 2375 }],
  ])('%s is understood', (text, address) => {
    expect(parseEngineAddress(text)).toEqual(address)
  })

  test.each([
    'ssh://me@build',
    'tcp://10.0.0.5:2375',
    'tcp://localhost',
    'npipe:////./pipe/docker',
    'nonsense',
  ])('%s is of no use', (text) => {
    expect(() => parseEngineAddress(text)).toThrow(
      expect.objectContaining({ code: 'engine-remote' }) as Error,
    )
  })

  test('is shown without a password', () => {
    expect(() => parseEngineAddress('tcp://me:pa55@build:2376')).toThrow(
      expect.objectContaining({ args: { address: 'tcp://build:2376' } }) as Error,
    )
  })
})

describe('looking for engines', () => {
  let temp: TempDir
  let servers: Server[]
  beforeEach(async () => {
    temp = await makeTempDir('eng')
    servers = []
  })
  afterEach(async () => {
    for (const server of servers) server.close()
    await temp[Symbol.asyncDispose]()
  })

  async function addSocket(path: string): Promise<string> {
    const full = join(temp.dir, path)
    await mkdir(dirname(full), { recursive: true })
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(full, resolve))
    servers.push(server)
    return full
  }

  async function addContext(folder: string, name: string, host: string): Promise<void> {
    const dir = join(temp.dir, '.docker', 'contexts', 'meta', folder)
    await mkdir(dir, { recursive: true })
    const meta = { Name: name, Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: false } } }
    await writeFile(join(dir, 'meta.json'), JSON.stringify(meta))
  }

  async function setCurrentContext(currentContext: string): Promise<void> {
    await mkdir(join(temp.dir, '.docker'), { recursive: true })
    await writeFile(join(temp.dir, '.docker', 'config.json'), JSON.stringify({ auths: {}, currentContext }))
  }

  /** Origin, name and place of what was found; no engine of the real machine is seen. */
  async function found(
    env: Record<string, string> = {},
    chosen?: string,
  ): Promise<readonly (readonly string[])[]> {
    const { candidates } = await findEngines(surroundings(env, chosen))
    return candidates.map(({ origin, name, address }) => [
      origin,
      name,
      address.kind === 'tcp' ? `${address.host}:${address.port}` : address.path.replace(`${temp.dir}/`, ''),
    ])
  }

  function surroundings(env: Record<string, string> = {}, chosen?: string): EngineSurroundings {
    return { chosen, env, homeDir: temp.dir, rootDir: join(temp.dir, 'root') }
  }

  test('finds the sockets of all known engines, and only those that are there', async () => {
    const paths = [
      '.docker/run/docker.sock',
      '.orbstack/run/docker.sock',
      '.colima/default/docker.sock',
      '.colima/work/docker.sock',
      '.rd/docker.sock',
      '.local/share/containers/podman/machine/podman.sock',
      '.local/share/containers/podman/machine/qemu/podman.sock',
      'tmp/podman/podman-machine-default-api.sock',
      'xdg/podman/podman.sock',
      'root/var/run/docker.sock',
      'root/run/podman/podman.sock',
    ]
    for (const path of paths) await addSocket(path)
    await mkdir(join(temp.dir, '.colima', '_lima', 'x'), { recursive: true })
    const env = { TMPDIR: join(temp.dir, 'tmp'), XDG_RUNTIME_DIR: join(temp.dir, 'xdg') }
    expect(await found(env)).toEqual([
      ['socket', 'Docker Desktop', paths[0]],
      ['socket', 'OrbStack', paths[1]],
      ['socket', 'Colima', paths[2]],
      ['socket', 'Colima (work)', paths[3]],
      ['socket', 'Rancher Desktop', paths[4]],
      ['socket', 'Docker', paths[9]],
      ['socket', 'Podman', paths[5]],
      ['socket', 'Podman', paths[6]],
      ['socket', 'Podman', paths[7]],
      ['socket', 'Podman', paths[8]],
      ['socket', 'Podman', paths[10]],
    ])
  })

  test('finds nothing in an empty home', async () => {
    expect(await found()).toEqual([])
  })

  test('takes a file for what it is', async () => {
    await mkdir(join(temp.dir, '.rd'))
    await writeFile(join(temp.dir, '.rd', 'docker.sock'), '')
    expect(await found()).toEqual([])
  })

  test('puts the current context first, and each engine once', async () => {
    await addSocket('.docker/run/docker.sock')
    const colima = await addSocket('.colima/default/docker.sock')
    await addContext('a1', 'desktop-linux', 'unix:///elsewhere')
    await addContext('b2', 'colima', `unix://${colima}`)
    await setCurrentContext('colima')
    expect(await found()).toEqual([
      ['context', 'colima', '.colima/default/docker.sock'],
      ['socket', 'Docker Desktop', '.docker/run/docker.sock'],
    ])
  })

  test('knows one engine behind two links', async () => {
    const real = await addSocket('.orbstack/run/docker.sock')
    await mkdir(join(temp.dir, '.docker', 'run'), { recursive: true })
    await symlink(real, join(temp.dir, '.docker', 'run', 'docker.sock'))
    expect(await found()).toHaveLength(1)
  })

  test('lets DOCKER_CONTEXT decide over the current context, and DOCKER_CONFIG over the place', async () => {
    await addContext('a1', 'one', 'unix:///one.sock')
    await addContext('b2', 'two', 'tcp://127.0.0.1:4444')
    await setCurrentContext('one')
    expect(await found({ DOCKER_CONTEXT: 'two' })).toEqual([['context', 'two', '127.0.0.1:4444']])
    expect(await found({ DOCKER_CONFIG: join(temp.dir, 'nowhere') })).toEqual([])
  })

  test.each(['default', 'not-there', ''])('does without a context called %j', async (name) => {
    await addContext('a1', 'one', 'unix:///one.sock')
    await setCurrentContext(name)
    expect(await found()).toEqual([])
  })

  test('does without a config that cannot be read', async () => {
    await mkdir(join(temp.dir, '.docker'))
    await writeFile(join(temp.dir, '.docker', 'config.json'), '{ half')
    expect(await found()).toEqual([])
  })

  test('says which context was passed over because it is on another machine', async () => {
    await addContext('a1', 'remote', 'ssh://me@build')
    await setCurrentContext('remote')
    const { passedOver } = await findEngines(surroundings())
    expect(passedOver).toMatchObject([
      { origin: 'context', name: 'remote', error: { code: 'engine-remote' } },
    ])
  })

  test('takes a person’s word and looks no further', async () => {
    await addSocket('.docker/run/docker.sock')
    const env = { DOCKER_HOST: 'tcp://127.0.0.1:2375' }
    expect(await found(env)).toEqual([['environment', 'DOCKER_HOST', '127.0.0.1:2375']])
    expect(await found(env, 'unix:///chosen.sock')).toEqual([['setting', 'the settings', '/chosen.sock']])
  })
})
