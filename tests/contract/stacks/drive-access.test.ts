import { once } from 'node:events'
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { openDriveAccess, type DriveAccess } from '../../../src-main/composition/bridges/drive-access.ts'
import { systemClock } from '../../../src-main/lib/clock.ts'
import { silentLogger } from '../../../src-main/lib/logger.ts'
import type { FileSystem } from '../../../src-main/services/drives/drive.ts'
import { keyLines, startLocalAws, type LocalAws } from '../../harness/aws/local-aws.ts'
import { startSystemsManager } from '../../harness/aws/systems-manager.ts'
import { deployStack } from '../../harness/aws/deployed-stack.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { waitFor } from '../../harness/wait-for.ts'

const signal = new AbortController().signal
const instanceId = 'i-0123456789abcdef0'
const pluginPath = fileURLToPath(new URL('../../fixtures/session-manager-plugin.ts', import.meta.url))

let resources: AsyncDisposableStack
let aws: LocalAws

beforeEach(async () => {
  resources = new AsyncDisposableStack()
  aws = resources.use(await startLocalAws({ clock: systemClock }))
  await aws.writeCredentials(`[default]\n${keyLines(aws.account.addUser('ann'))}`)
})
afterEach(() => resources.disposeAsync())

function open(
  fileSystem: Omit<FileSystem, 'region' | 'remotePath'>,
  urls: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): DriveAccess {
  const { credentials } = aws
  const settings = { ...credentials.settings, endpointOf: (service: string) => urls[service] }
  return resources.use(
    openDriveAccess(
      { ...fileSystem, region: 'eu-central-1', remotePath: '/' },
      {
        credentials: { ...credentials, settings },
        profile: 'default',
        env,
        clock: systemClock,
        log: silentLogger,
      },
    ),
  )
}

async function serve(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  resources.defer(() => void server.close())
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

test('a drive whose load balancer lets in another address says that in place of what its bridge met', async () => {
  const stack = resources.use(
    await deployStack({
      wayIn: 'nlb',
      parameters: { AllowedCidr: '203.0.113.7/32' },
      account: aws.account,
    }),
  )
  const { fileSystemId, endpoint } = (await stack.view()).outputs!
  let address = '198.51.100.9'
  const checkIp = createHttpServer((_request, response) => response.end(`${address}\n`))
  const url = `http://127.0.0.1:${await serve(checkIp, '127.0.0.1', 0)}/`
  const server = { host: endpoint, port: 2049 }
  const access = open(
    { fileSystemId, server },
    { cloudformation: stack.cloudService.url },
    { MOUNTBAR_PUBLIC_ADDRESS_URL: url },
  )
  expect(await access.route(signal)).toEqual(server)
  const trouble = { code: 'server-unreachable', args: server } as const
  expect(await access.explainNow(trouble)).toEqual({
    code: 'address-not-allowed',
    args: { address, allowed: '203.0.113.7/32', name: 'mountbar-photos' },
  })
  address = '203.0.113.7'
  expect(await access.explainNow(trouble)).toEqual(trouble)
})

test('a drive behind a port that somebody forwards to this machine has its tunnel go there from its container', async () => {
  for (const [host, seen] of [
    ['127.0.0.1', 'host.docker.internal'],
    ['localhost', 'host.docker.internal'],
    ['10.82.77.20', '10.82.77.20'],
  ] as const) {
    const access = open({ fileSystemId: 'fs-0123456789abcdef0', server: { host, port: 2050 } }, {}, {})
    expect(await access.route(signal)).toEqual({ host: seen, port: 2050 })
  }
})

test('a drive behind an instance has its tunnel go to the near end of a session, and knows when that is not there', async () => {
  const ssm = await startSystemsManager({ account: aws.account, nowMs: () => Date.now() })
  resources.use(ssm.service)
  ssm.online.add(instanceId)
  const temp = resources.use(await makeTempDir('ssm'))
  const binDir = join(temp.dir, 'bin')
  await mkdir(binDir)
  await symlink(pluginPath, join(binDir, 'session-manager-plugin'))
  const far = createServer((socket) => socket.on('error', () => undefined).end('far'))
  await serve(far, '127.0.0.78', 2049)

  const sessionPath = join(temp.dir, 'session')
  await writeFile(sessionPath, '')
  ssm.token = `ends-with:${sessionPath}`
  const access = open(
    {
      fileSystemId: 'fs-0123456789abcdef0',
      server: { host: '127.0.0.78', port: 2049 },
      throughInstanceId: instanceId,
    },
    { ssm: ssm.service.url },
    { PATH: `${binDir}:${dirname(process.execPath)}` },
  )
  const { host, port } = await access.route(signal)
  expect(host).toBe('host.docker.internal')
  const socket = connect({ host: '127.0.0.1', port }).setEncoding('utf8')
  expect((await (socket as AsyncIterable<string>)[Symbol.asyncIterator]().next()).value).toBe('far')

  const trouble = { code: 'server-closed', args: {} } as const
  let told = 0
  access.explained.on(() => void (told += 1))
  ssm.online.clear()
  await rm(sessionPath)
  await waitFor(() => told > 0, { what: 'the end of the session' })
  expect(access.explain(trouble).code).toBe('ssm-session-failed')
})
