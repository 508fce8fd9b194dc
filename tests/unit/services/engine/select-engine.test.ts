import { createServer, type Server } from 'node:http'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { silentLogger } from '../../../../src-main/lib/logger.ts'
import type { Engine as BridgeEngine } from '../../../../src-main/services/bridge/ports.ts'
import { createDockerEngine } from '../../../../src-main/services/engine/docker-engine.ts'
import { selectEngine } from '../../../../src-main/services/engine/select-engine.ts'
import { makeTempDir, type TempDir } from '../../../harness/temp-dir.ts'

const deps = { open: createDockerEngine, log: silentLogger }
const version = { Version: '28.2.2', ApiVersion: '1.50', Os: 'linux', Arch: 'amd64', KernelVersion: '6.10' }

let temp: TempDir
let servers: Server[]
beforeEach(async () => {
  temp = await makeTempDir('sel')
  servers = []
})
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
  await temp[Symbol.asyncDispose]()
})

/** An engine that only says what it is. */
async function addEngine(path: string, more: object = {}): Promise<string> {
  const full = join(temp.dir, path)
  await mkdir(dirname(full), { recursive: true })
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(request.url?.endsWith('/version') === true ? { ...version, ...more } : {}))
  })
  await new Promise<void>((resolve) => server.listen(full, resolve))
  servers.push(server)
  return full
}

test('takes the first engine that answers and will do, and says which it passed over', async () => {
  await addEngine('.docker/run/docker.sock', { ApiVersion: '1.30' })
  const colima = await addEngine('.colima/default/docker.sock')
  const selected = await selectEngine(
    { chosen: undefined, env: {}, homeDir: temp.dir, rootDir: join(temp.dir, 'root') },
    deps,
  )
  expect(selected.candidate).toEqual({
    address: { kind: 'socket', path: colima },
    origin: 'socket',
    name: 'Colima',
  })
  expect(selected.info).toMatchObject({ kind: 'colima', version: '28.2.2', arch: 'amd64' })
  expect(selected.passedOver).toMatchObject([{ name: 'Docker Desktop', error: { code: 'engine-too-old' } }])
})

test('goes to the engine it was told of, whatever the environment says', async () => {
  const chosen = await addEngine('chosen.sock')
  const env = { DOCKER_HOST: 'tcp://127.0.0.1:1' }
  const before = process.env['DOCKER_HOST']
  process.env['DOCKER_HOST'] = env.DOCKER_HOST
  try {
    const { candidate } = await selectEngine(
      { chosen: `unix://${chosen}`, env, homeDir: temp.dir, rootDir: join(temp.dir, 'root') },
      deps,
    )
    expect(candidate.origin).toBe('setting')
  } finally {
    if (before === undefined) delete process.env['DOCKER_HOST']
    else process.env['DOCKER_HOST'] = before
  }
})

test.each([
  ['that does not run', 'unix:///nowhere/docker.sock', 'engine-not-running'],
  ['on another machine', 'ssh://me@build', 'engine-remote'],
])('says what is wrong with a chosen engine %s, and takes no other', async (_case, chosen, code) => {
  await addEngine('.docker/run/docker.sock')
  await expect(
    selectEngine({ chosen, env: {}, homeDir: temp.dir, rootDir: join(temp.dir, 'root') }, deps),
  ).rejects.toMatchObject({ code })
})

test('prefers to say what is wrong with an engine that answers', async () => {
  const stopped = await addEngine('.docker/run/docker.sock')
  await addEngine('.rd/docker.sock', { Os: 'windows' })
  const env = { DOCKER_CONFIG: join(temp.dir, 'none') }
  const open: typeof createDockerEngine = (address) =>
    createDockerEngine(
      address.kind === 'socket' && address.path === stopped
        ? { kind: 'socket', path: `${stopped}.gone` }
        : address,
    )
  const selecting = selectEngine(
    { chosen: undefined, env, homeDir: temp.dir, rootDir: join(temp.dir, 'root') },
    { ...deps, open },
  )
  await expect(selecting).rejects.toMatchObject({ code: 'engine-arch' })
})

test('is what a bridge needs', () => {
  const engine: BridgeEngine = createDockerEngine({ kind: 'socket', path: '/nowhere' })
  expect(engine).toBeDefined()
})
