import { chmod, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { resolveHostDirs } from '../../../../src-main/lib/host-dirs.ts'
import type { RunProcess } from '../../../../src-main/lib/run-process.ts'
import type { AwsAccess } from '../../../../src-main/services/diagnostics/aws-access.ts'
import type { Check, CheckResult, Finding } from '../../../../src-main/services/diagnostics/check.ts'
import { clockSane } from '../../../../src-main/services/diagnostics/checks/clock-sane.ts'
import { diskSpace } from '../../../../src-main/services/diagnostics/checks/disk-space.ts'
import { finderNetworkStores } from '../../../../src-main/services/diagnostics/checks/finder-network-stores.ts'
import { frontStarts } from '../../../../src-main/services/diagnostics/checks/front-starts.ts'
import { httpProxy } from '../../../../src-main/services/diagnostics/checks/http-proxy.ts'
import { mountTableClean } from '../../../../src-main/services/diagnostics/checks/mount-table-clean.ts'
import { mounterAvailable } from '../../../../src-main/services/diagnostics/checks/mounter-available.ts'
import { nodeVersion } from '../../../../src-main/services/diagnostics/checks/node-version.ts'
import { portsFree } from '../../../../src-main/services/diagnostics/checks/ports-free.ts'
import { uploads } from '../../../../src-main/services/diagnostics/checks/uploads.ts'
import { stateDirUsable } from '../../../../src-main/services/diagnostics/checks/state-dir-usable.ts'
import type { DiagnosedDrive, DiagnosticsContext } from '../../../../src-main/services/diagnostics/context.ts'
import { createDiagnostics } from '../../../../src-main/services/diagnostics/diagnostics.ts'
import { AppError } from '../../../../src-main/shared/errors.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { makeTempDir } from '../../../harness/temp-dir.ts'
import type { TempDir } from '../../../harness/temp-dir.ts'

const never = new AbortController().signal

let temp: TempDir
let context: DiagnosticsContext

beforeEach(async () => {
  temp = await makeTempDir('doctor')
  const env = { MOUNTBAR_HOME: join(temp.dir, 'app') }
  context = {
    platform: 'linux',
    nodeVersion: 'v24.21.0',
    env,
    dirs: resolveHostDirs({ platform: 'linux', env, homeDir: temp.dir }),
    run: () => Promise.reject(new Error('no program is expected to run')),
    clock: new FakeClock(Date.UTC(2026, 10, 21)),
    observeDrives: () => Promise.resolve([]),
    readSettings: () => Promise.resolve({}),
    obstacleToMounting: () => Promise.resolve(undefined),
    startTrialFront: () => Promise.reject(new AppError('front-start-failed', { detail: 'fake' })),
    examineAws: () => Promise.resolve([]),
  }
})

afterEach(async () => {
  await temp[Symbol.asyncDispose]()
})

function programPrints(stdout: string, exitCode = 0): RunProcess {
  return () => Promise.resolve({ exitCode, stdout, stderr: '' })
}

function aDiagnosedDrive(changes: Partial<DiagnosedDrive> = {}): DiagnosedDrive {
  const uploads = { attention: 0, oldestAgeMs: 0, kept: 0 }
  return { id: 'abc234', name: 'Photos', port: 1, hasVolume: false, front: 'none', uploads, ...changes }
}

describe('the checks together', () => {
  const passing: Check<DiagnosticsContext> = {
    id: 'passing',
    title: 'Passing',
    severity: 'problem',
    applicable: () => true,
    check: () => Promise.resolve<Finding>({ passed: true, description: 'fine', fixes: [] }),
  }

  test('one that throws counts as not passed, with its way out, and stops no other', async () => {
    const throwing: Check<DiagnosticsContext> = {
      ...passing,
      id: 'throwing',
      check: () => Promise.reject(new AppError('command-missing', { command: 'scutil' })),
    }
    const results = await createDiagnostics(context, [throwing, passing]).run(never)
    expect(results.map(({ id, passed }) => [id, passed])).toEqual([
      ['throwing', false],
      ['passing', true],
    ])
    expect(results[0]?.description).toContain('“scutil”')
    expect(results[0]?.fixes).toHaveLength(1)
  })

  test('one that makes no sense here is left out', async () => {
    const results = await createDiagnostics(context, [{ ...passing, applicable: () => false }]).run(never)
    expect(results).toEqual([])
  })

  test('each one that fails says what to do, and ids are unique', async () => {
    const results = await createDiagnostics(context).run(never)
    expect(results.filter(({ passed, fixes }) => !passed && fixes.length === 0)).toEqual([])
    expect(new Set(results.map(({ id }) => id)).size).toBe(results.length)
    expect(results.map(({ id }) => id)).not.toContain('ds-store')
  })
})

test.each([
  ['v24.0.0', true],
  ['v26.1.0', true],
  ['v22.21.0', false],
  ['v18.0.0', false],
])('Node %s is good enough: %s', async (version, good) => {
  expect((await nodeVersion.check({ nodeVersion: version })).passed).toBe(good)
})

describe('the folder for our own data', () => {
  test('is made when it is missing, for its owner alone', async () => {
    expect(await stateDirUsable.check(context)).toMatchObject({ passed: true })
  })

  test('that others can look into is told with the command that closes it', async () => {
    await stateDirUsable.check(context)
    await chmod(context.dirs.stateDir, 0o755)
    const { passed, fixes } = await stateDirUsable.check(context)
    expect(passed).toBe(false)
    expect(fixes).toEqual([`Close it: chmod 700 "${context.dirs.stateDir}"`])
  })

  test('that cannot be made is told', async () => {
    await writeFile(join(temp.dir, 'app'), 'a file in the way')
    expect(await stateDirUsable.check(context)).toMatchObject({ passed: false })
  })
})

test.each([
  [undefined, true],
  [new AppError('mounter-missing', { program: 'mount.davfs', package: 'davfs2' }), false],
  [new AppError('permission-denied', { needed: 'root' }), false],
])('the mounter passes without an obstacle and names the one there is', async (obstacle, good) => {
  const { passed, fixes } = await mounterAvailable.check({
    ...context,
    obstacleToMounting: () => Promise.resolve(obstacle),
  })
  expect(passed).toBe(good)
  expect(fixes.some((fix) => fix.includes('apt-get install davfs2'))).toBe(!good)
})

test('only volumes whose front does not answer are called out', async () => {
  const drives = [
    aDiagnosedDrive({ name: 'Good', hasVolume: true, front: 'answers' }),
    aDiagnosedDrive({ name: 'Idle' }),
    aDiagnosedDrive({ name: 'Lost', hasVolume: true, front: 'none' }),
    aDiagnosedDrive({ name: 'Stuck', hasVolume: true, front: 'silent' }),
  ]
  const { passed, description, fixes } = await mountTableClean.check({
    observeDrives: () => Promise.resolve(drives),
  })
  expect(passed).toBe(false)
  expect(description).toContain('Lost, Stuck')
  expect(description).not.toMatch(/Good|Idle/)
  expect(fixes).toHaveLength(2)
})

test('a port that a stranger uses is named, one that its own front uses is not', async () => {
  const stranger = createServer()
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  const { port } = stranger.address() as AddressInfo
  const check = (front: DiagnosedDrive['front']): Promise<Finding> =>
    portsFree.check({ observeDrives: () => Promise.resolve([aDiagnosedDrive({ port, front })]) })
  try {
    expect((await check('none')).description).toContain(`${port} (Photos)`)
    expect((await check('answers')).passed).toBe(true)
  } finally {
    stranger.close()
  }
  expect((await check('none')).passed).toBe(true)
})

test('free disk space is that of our folder and of temporary files', async () => {
  const { description } = await diskSpace.check(context)
  expect(description).toMatch(/\d+\.\d GB/)
})

test.each([
  [Date.UTC(1970, 0, 1), false],
  [Date.UTC(2026, 10, 21), true],
  [Date.UTC(2999, 0, 1), false],
])('a clock at %i is sane: %s', async (nowMs, sane) => {
  expect((await clockSane.check({ clock: new FakeClock(nowMs) })).passed).toBe(sane)
})

describe('an HTTP proxy on Linux', () => {
  test.each([
    [{}, true],
    [{ http_proxy: 'http://proxy:3128' }, false],
    [{ HTTP_PROXY: 'http://proxy:3128', NO_PROXY: 'example.com, 127.0.0.1' }, true],
    [{ http_proxy: 'http://proxy:3128', no_proxy: 'localhost' }, false],
    [{ http_proxy: 'http://proxy:3128', no_proxy: '*' }, true],
    [{ https_proxy: 'http://proxy:3128' }, true],
  ])('with %j passes: %s', async (env, good) => {
    expect((await httpProxy.check({ ...context, env })).passed).toBe(good)
  })
})

describe('an HTTP proxy on macOS', () => {
  const withExceptions = (...exceptions: readonly string[]): string =>
    [
      '<dictionary> {',
      '  ExceptionsList : <array> {',
      ...exceptions.map((entry, index) => `    ${index} : ${entry}`),
      '  }',
      '  FTPPassive : 1',
      '  HTTPEnable : 1',
      '  HTTPPort : 8080',
      '  HTTPProxy : proxy.example.com',
      '}',
    ].join('\n')

  test.each([
    ['no proxy', '<dictionary> {\n  FTPPassive : 1\n  HTTPEnable : 0\n}', true],
    ['a proxy without exceptions', withExceptions(), false],
    ['a proxy with others', withExceptions('*.local', '169.254/16', 'localhost'), false],
    ['an exception for the address', withExceptions('*.local', '127.0.0.1'), true],
    ['an exception for its network', withExceptions('127.0.0.0/8'), true],
    ['an exception for a pattern', withExceptions('127.*'), true],
  ])('with %s passes as it should', async (_what, output, good) => {
    const finding = await httpProxy.check({ ...context, platform: 'darwin', run: programPrints(output) })
    expect(finding.passed).toBe(good)
    if (!good) expect(finding.description).toContain('proxy.example.com:8080')
  })
})

test.each([
  ['1\n', 0, true],
  ['0\n', 0, false],
  ['', 1, false],
])('Finder’s setting %j passes: %s', async (stdout, exitCode, good) => {
  const finding = await finderNetworkStores.check({
    platform: 'darwin',
    run: programPrints(stdout, exitCode),
  })
  expect(finding.passed).toBe(good)
})

describe('serving a folder', () => {
  let stopped: number

  /** An HTTP server in place of a front. */
  async function serve(body: string, status = 200): Promise<DiagnosticsContext['startTrialFront']> {
    const server = createServer((_request, response) => response.writeHead(status).end(body))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret/`
    stopped = 0
    return () =>
      Promise.resolve({
        url,
        stop: () => {
          stopped += 1
          server.closeAllConnections()
          return new Promise<void>((resolve) => server.close(() => resolve()))
        },
      })
  }

  test.each([
    ['the file', 'mountbar doctor\n', 200, true],
    ['something else', 'Welcome to the proxy', 200, false],
    ['a refusal', '', 403, false],
    ['a demand for a proxy password', '', 407, false],
  ])(
    'with %s as the answer passes as it should, and the front is stopped',
    async (_what, body, status, good) => {
      const startTrialFront = await serve(body, status)
      expect((await frontStarts.check({ ...context, startTrialFront })).passed).toBe(good)
      expect(stopped).toBe(1)
    },
  )
})

describe('the check of uploads', () => {
  const minute = 60_000
  test.each([
    ['nothing waits', { attention: 0, oldestAgeMs: 0, kept: 0 }, undefined],
    ['one waits for a moment', { attention: 0, oldestAgeMs: 14 * minute, kept: 0 }, undefined],
    ['one waits for the next mount', { attention: 0, oldestAgeMs: 0, kept: 3 }, undefined],
    ['one has been waiting for long', { attention: 0, oldestAgeMs: 15 * minute, kept: 0 }, 'for 15 minutes'],
    ['one needs attention', { attention: 1, oldestAgeMs: 0, kept: 0 }, '1 saved file of “Photos” cannot'],
    [
      'kept ones need attention',
      { attention: 2, oldestAgeMs: 0, kept: 2 },
      '2 saved files of “Photos” cannot',
    ],
  ])('when %s', async (_, found, problem) => {
    const observeDrives = () => Promise.resolve([aDiagnosedDrive(), aDiagnosedDrive({ uploads: found })])
    const { passed, description, fixes } = await uploads.check({ observeDrives })
    expect(passed).toBe(problem === undefined)
    if (problem !== undefined) expect(description).toContain(problem)
    expect(fixes).toHaveLength(problem === undefined ? 0 : 1)
    if (problem === undefined && found.kept > 0)
      expect(description).toContain('3 saved files will be delivered')
  })
})

describe('what AWS is to the drives', () => {
  const data: AwsAccess = {
    profile: 'work',
    driveName: 'Data',
    found: { kind: 'good', fact: 'work' },
    session: { kind: 'good', fact: 'ends in 59 min' },
    clock: { kind: 'good', fact: '0 s apart' },
    caller: { kind: 'good', fact: 'arn:aws:sts::111122223333:assumed-role/FilesUser/ann' },
    permissions: {
      's3files:ListFileSystems': { kind: 'allowed' },
      's3files:ClientMount': { kind: 'untried', why: 'Only mounting shows it.' },
      's3:GetObject': { kind: 'denied' },
      'cloudwatch:GetMetricData': {
        kind: 'unclear',
        error: { code: 'aws-throttled', args: { operation: 'cloudwatch:GetMetricData' } },
      },
    },
  }
  const notSignedIn: AwsAccess = {
    profile: 'play',
    driveName: 'Toys',
    found: { kind: 'bad', error: { code: 'sign-in-needed', args: { profile: 'play' } } },
  }

  async function awsResults(...access: readonly AwsAccess[]): Promise<readonly CheckResult[]> {
    let asked = 0
    const examineAws: DiagnosticsContext['examineAws'] = () => {
      asked += 1
      return Promise.resolve(access)
    }
    const results = await createDiagnostics({ ...context, examineAws }).run(never)
    expect(asked).toBe(1)
    return results.filter(({ id }) => id.startsWith('aws-'))
  }

  test('is no question where nobody uses AWS', async () => {
    expect(await awsResults()).toEqual([])
  })

  test('is said step by step, with a way out of each that is not good, and nothing claimed that was not tried', async () => {
    const results = await awsResults(data)
    const shown = results.map(({ id, passed, untried }) => [id, untried ? 'untried' : passed])
    expect(shown).toEqual([
      ['aws-profile', true],
      ['aws-session', true],
      ['aws-clock', true],
      ['aws-caller', true],
      ['aws-list-file-systems', true],
      ['aws-client-mount', 'untried'],
      ['aws-get-object', false],
      ['aws-get-metric-data', false],
    ])
    const denied = results.find(({ id }) => id === 'aws-get-object')
    expect(denied).toMatchObject({
      severity: 'advice',
      description: 'AWS denies it. It is needed to tell when a change has reached the bucket.',
      fixes: ['Have your administrator allow s3:GetObject for whom the profile work stands.'],
    })
    expect(results.filter(({ passed, fixes }) => !passed && fixes.length === 0)).toEqual([])
  })

  test('ends for a drive where a step is not good, and goes on for the others', async () => {
    const results = await awsResults(data, notSignedIn)
    expect(results[0]).toMatchObject({ id: 'aws-profile', passed: false, severity: 'problem' })
    expect(results[0]?.description).toMatch(/^“Toys”: |not signed in/)
    expect(results[0]?.fixes.join()).toContain('mountbar login')
    expect(results[1]).toMatchObject({ id: 'aws-session', passed: true })
  })

  test('is advice, and no problem, for a profile that no drive uses', async () => {
    const { driveName: _, ...unused } = notSignedIn
    expect(await awsResults(unused)).toMatchObject([{ passed: false, severity: 'advice' }])
  })

  test('is not waited for any longer by who presses Ctrl-C', async () => {
    const interrupt = new AbortController()
    const examineAws: DiagnosticsContext['examineAws'] = (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
        interrupt.abort()
      })
    const running = createDiagnostics({ ...context, examineAws }).run(interrupt.signal)
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  })
})
