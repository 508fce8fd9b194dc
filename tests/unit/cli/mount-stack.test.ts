import { describe, expect, test } from 'vitest'

import { checkFirst } from '../../../src-main/cli/drives/check-first.ts'
import { driveOfStack } from '../../../src-main/cli/drives/drive-of-stack.ts'
import { createDriveRegistry } from '../../../src-main/services/drives/drive-registry.ts'
import type { S3FilesDrive } from '../../../src-main/services/drives/drive.ts'
import type { DriveCheckResult } from '../../../src-main/services/stacks/check/check-drive.ts'
import { failedBy } from '../../../src-main/services/stacks/check/drive-check.ts'
import type { StackView } from '../../../src-main/services/stacks/stack.ts'
import { AppError, type ErrorCode } from '../../../src-main/shared/errors.ts'
import { FakeDriveList } from '../../fakes/fake-drive-list.ts'
import { FakeTerminal } from '../../fakes/fake-terminal.ts'
import { exampleStack } from '../../harness/aws/example-stack.ts'

const signal = new AbortController().signal

describe('mount --stack', () => {
  function machine(stack: StackView) {
    const asked: unknown[] = []
    const state = { stack }
    const registry = createDriveRegistry({
      drives: new FakeDriveList(),
      dirs: { volumesDir: '/volumes', stateDir: '/state' },
    })
    const stacks = {
      targetOf: (chosen: unknown) => {
        asked.push(chosen)
        return Promise.resolve({ profile: 'default', region: 'eu-central-1' })
      },
      deployments: { find: () => Promise.resolve(state.stack) },
    } as unknown as Parameters<typeof driveOfStack>[3]['stacks']
    const open = (choices = {}, more = {}) =>
      driveOfStack(
        'mountbar-photos',
        { region: 'eu-central-1', ...more },
        choices,
        { stacks, registry },
        signal,
      )
    return { open, asked, state, registry }
  }

  test('adds a drive with the stack’s name, which goes the way the stack is made for', async () => {
    const { open, asked } = machine(exampleStack('ssm'))
    const { drive, isNew } = await open({ mountPoint: '/mnt/photos' })
    expect({ isNew, drive }).toMatchObject({
      isNew: true,
      drive: {
        kind: 's3files',
        name: 'mountbar-photos',
        mountPoint: '/mnt/photos',
        fileSystem: {
          fileSystemId: 'fs-0123456789abcdef0',
          accessPointId: 'fsap-0123456789abcdef0',
          profile: 'default',
          server: { host: '10.82.77.20', port: 2049 },
          throughInstanceId: 'i-0123456789abcdef0',
        },
      },
    })
    expect(asked).toEqual([{ region: 'eu-central-1' }])
  })

  test('finds the drive again, and makes another one when the stack has a new access point', async () => {
    const { open, state, registry } = machine(exampleStack('nlb'))
    const first = await open()
    expect(await open({ name: 'Other' })).toEqual({ drive: first.drive, isNew: false })
    state.stack = exampleStack('nlb', { accessPointId: 'fsap-0123456789abcdef1' })
    expect((await open()).isNew).toBe(true)
    expect((await registry.list()).map(({ name }) => name)).toEqual(['mountbar-photos', 'mountbar-photos 2'])
  })

  test('trusts who is said to have signed the certificate of a simulated mount target', async () => {
    const { open } = machine(exampleStack('nlb'))
    const { drive } = await open({}, { ca: '/ca.pem' })
    expect(drive).toMatchObject({ fileSystem: { caPath: '/ca.pem' } })
  })

  test('has nothing to mount while the stack is being made', async () => {
    const { outputs: _none, ...making } = exampleStack('nlb')
    const { open } = machine({ ...making, status: 'CREATE_IN_PROGRESS' })
    await expect(open()).rejects.toMatchObject({ code: 'stack-outputs-missing' })
  })
})

describe('before the first mount', () => {
  const drive = {} as S3FilesDrive

  async function found(...codes: readonly ErrorCode[]) {
    const results = codes.map((code): DriveCheckResult => {
      return { id: code, title: `About ${code}`, severity: 'problem', ...failedBy(new AppError(code)) }
    })
    const terminal = new FakeTerminal()
    const connections = { check: () => Promise.resolve(results) }
    const error: unknown = await checkFirst(drive, connections, terminal, signal).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    return { error, shown: terminal.err.filter((line) => line.startsWith('✗')) }
  }

  test('what would keep it from being mounted is shown and ends it', async () => {
    const { error, shown } = await found('bucket-unversioned', 'server-unreachable')
    expect(shown).toEqual(['✗ About bucket-unversioned', '✗ About server-unreachable'])
    expect(error).toMatchObject({
      code: 'check-failed',
      args: { check: 'About server-unreachable', reason: 'The network does not lead to the server.' },
    })
  })

  test('what only keeps something from being saved is shown', async () => {
    const { error, shown } = await found('access-point-read-only', 'bucket-unversioned')
    expect(shown).toHaveLength(2)
    expect(error).toBeUndefined()
  })

  test('what AWS does not tell, or asks a person for, is left to the mount', async () => {
    expect(await found('aws-denied', 'aws-unreachable', 'mfa-needed', 'public-address-unknown')).toEqual({
      error: undefined,
      shown: [],
    })
  })
})
