import { describe, expect, test } from 'vitest'

import { buildProgram } from '../../../src-main/cli/program.ts'
import type { CommandContext, Services } from '../../../src-main/cli/command-context.ts'
import type { ObservedDrive } from '../../../src-main/services/drives/observe-drive.ts'
import type { StackView } from '../../../src-main/services/stacks/stack.ts'
import type { DriveCheckResult } from '../../../src-main/services/stacks/check/check-drive.ts'
import { AppError, isAppError } from '../../../src-main/shared/errors.ts'
import { messageFor } from '../../../src-main/shared/messages.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { FakeTerminal } from '../../fakes/fake-terminal.ts'
import { exampleStack } from '../../harness/aws/example-stack.ts'

const drive = {
  id: 'd1',
  kind: 's3files',
  name: 'Photos',
  readOnly: false,
  fileSystem: { fileSystemId: 'fs-0123456789abcdef0', region: 'eu-central-1' },
} as unknown as ObservedDrive['drive']

interface World {
  readonly stack?: StackView
  readonly observed?: Partial<ObservedDrive>
  readonly lines?: readonly string[]
  readonly answers?: readonly boolean[]
  readonly isInteractive?: boolean
  readonly results?: readonly DriveCheckResult[]
}

async function run(args: readonly string[], world: World = {}) {
  const { observed, isInteractive = true } = world
  const terminal = new FakeTerminal({ isInteractive })
  terminal.lines.push(...(world.lines ?? []))
  terminal.answers.push(...(world.answers ?? []))
  const done: string[] = []
  const drives = observed === undefined ? [] : [drive]
  const connections = {
    stacks: {
      targetOf: () => Promise.resolve({ profile: 'default', region: 'eu-central-1' }),
      deployments: {
        find: () =>
          world.stack === undefined
            ? Promise.reject(new AppError('stack-unknown', { name: 'mountbar-photos' }))
            : Promise.resolve(world.stack),
      },
    },
    destroy: (...[, onStep]: readonly [unknown, (step: unknown) => void]) => {
      onStep({ kind: 'exporting', count: 2 })
      done.push('stack')
      const bucket = { logicalId: 'Bucket', type: 'AWS::S3::Bucket', physicalId: 'photos' }
      return Promise.resolve([
        bucket,
        { logicalId: 'BucketPolicy', type: 'AWS::S3::BucketPolicy', physicalId: 'p' },
      ])
    },
    deleteBucket: (bucket: string, ...[, onProgress]: readonly [unknown, (count: number) => void]) => {
      onProgress(1_000)
      done.push(`bucket ${bucket}`)
      return Promise.resolve()
    },
    wasMadeBy: (bucket: string) => Promise.resolve(bucket === 'photos'),
    check: () => Promise.resolve(world.results ?? []),
    letIn: () => {
      done.push('access')
      return Promise.resolve({ kind: 'replace', from: '203.0.113.7/32', to: '198.51.100.9/32' })
    },
    [Symbol.dispose]: () => undefined,
  }
  const services = {
    clock: new FakeClock(),
    connections: () => Promise.resolve(connections),
    drives: {
      registry: { list: () => Promise.resolve(drives), find: () => Promise.resolve(drive) },
      observeAll: (all: readonly unknown[]) =>
        Promise.resolve(all.map(() => ({ drive, hasVolume: false, front: 'none', ...observed }))),
    },
  } as unknown as Services
  let exit = 'ok'
  const context: CommandContext = {
    services,
    terminal,
    interrupts: { signal: new AbortController().signal } as CommandContext['interrupts'],
    homeDir: '/home/ann',
    finish: (how) => void (exit = how),
  }
  const silent = { writeOut: () => undefined, writeErr: () => undefined }
  const program = buildProgram(context, '0', silent)
  const error: unknown = await program.parseAsync(args, { from: 'user' }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  const told = isAppError(error) ? messageFor(error) : undefined
  // Anything else is a mistake of this test.
  expect(told === undefined ? error : undefined).toBeUndefined()
  return { done, out: terminal.out, err: terminal.err, error: told?.text, fix: told?.fix, exit }
}

const stack = exampleStack('nlb')
const destroyIt = ['destroy', 'mountbar-photos']

describe('destroy', () => {
  test('asks, removes the stack, and lists what stays', async () => {
    const { done, out, err } = await run(destroyIt, {
      stack,
      observed: {},
      answers: [true],
      lines: [''],
    })
    expect(done).toEqual(['stack'])
    expect(out).toEqual([
      'mountbar-photos in eu-central-1 goes: way in, mount target, access point, file system.',
      'The bucket photos stays, with all that is in it.',
      'Remove mountbar-photos?',
      'To delete the bucket too, with all versions of all files, type its name; Enter keeps it: ',
      'The stack mountbar-photos is removed.',
      'Left in AWS: the bucket photos, with all versions of all files.',
      'The drive Photos has nothing to show any more: mountbar forget Photos',
    ])
    expect(err).toEqual([])
  })

  test('deletes the bucket when its name is typed', async () => {
    const { done, out } = await run(destroyIt, { stack, answers: [true], lines: ['photos'] })
    expect(done).toEqual(['stack', 'bucket photos'])
    expect(out.slice(-2)).toEqual(['The stack mountbar-photos is removed.', 'The bucket photos is deleted.'])
  })

  test('does nothing when another name is typed, or the answer is no', async () => {
    const mistyped = await run(destroyIt, { stack, answers: [true], lines: ['photo'] })
    expect(mistyped).toMatchObject({
      done: [],
      error: 'What was typed is not the name of the bucket “photos”.',
      fix: 'Nothing was deleted from it. To delete it with all versions of all files, type its exact name.',
    })
    expect((await run(destroyIt, { stack, answers: [false] })).done).toEqual([])
  })

  test('refuses while a drive of it is mounted, and while saves to it are not delivered', async () => {
    expect(await run(destroyIt, { stack, observed: { hasVolume: true } })).toMatchObject({
      done: [],
      error: 'The stack “mountbar-photos” cannot be removed while Photos is mounted.',
      fix: 'Unmount with `mountbar unmount`, which delivers what was saved, then try again.',
    })
    expect(
      await run(destroyIt, {
        stack,
        observed: { kept: { count: 3, attention: 0 } } as Partial<ObservedDrive>,
      }),
    ).toMatchObject({
      done: [],
      error: expect.stringContaining('3 files are kept on this machine only') as string,
    })
  })

  test('in a script, --yes keeps the bucket, and deletes it only by name', async () => {
    const script = { stack, isInteractive: false }
    expect((await run([...destroyIt, '--yes'], script)).done).toEqual(['stack'])
    expect((await run([...destroyIt, '--yes', '--delete-bucket', 'photos'], script)).done).toEqual([
      'stack',
      'bucket photos',
    ])
    expect(await run([...destroyIt, '--yes', '--delete-bucket', 'other'], script)).toMatchObject({
      done: [],
      error: 'What was typed is not the name of the bucket “photos”.',
    })
    expect(await run(destroyIt, script)).toMatchObject({
      done: [],
      error: 'Nobody can be asked here; add --yes.',
    })
  })

  test('never deletes a bucket that was there before the stack', async () => {
    const withOther = { ...stack, parameters: { ExistingBucketName: 'photos' } }
    expect(
      await run([...destroyIt, '--yes', '--delete-bucket', 'photos'], { stack: withOther }),
    ).toMatchObject({
      done: [],
      error: 'The bucket of mountbar-photos was there before it, and is not Mountbar’s to delete.',
    })
  })

  test('goes on with the bucket of a stack that is gone, when its tags say whose it was', async () => {
    expect((await run([...destroyIt, '--yes', '--delete-bucket', 'photos'])).done).toEqual(['bucket photos'])
    expect((await run([...destroyIt, '--delete-bucket', 'photos'], { lines: ['photos'] })).done).toEqual([
      'bucket photos',
    ])
    for (const typed of ['photo', ''])
      expect(await run([...destroyIt, '--delete-bucket', 'photos'], { lines: [typed] })).toMatchObject({
        done: [],
        error: 'What was typed is not the name of the bucket “photos”.',
      })
    expect(await run([...destroyIt, '--yes', '--delete-bucket', 'other'])).toMatchObject({
      done: [],
      error: 'There is no stack mountbar-photos any more, and nothing says that it made the bucket other.',
    })
    expect((await run([...destroyIt, '--yes'])).error).toBe('There is no stack “mountbar-photos”.')
  })
})

describe('check', () => {
  const good = {
    id: 'identity',
    title: 'AWS identity',
    severity: 'problem',
    passed: true,
    fixes: [],
  } as const
  const bad = {
    ...good,
    id: 'x',
    title: 'The way there',
    passed: false,
    fixes: ['Connect the VPN.'],
  } as const

  test('shows each check, and fails when one does', async () => {
    const results = [
      { ...good, description: 'ann' },
      { ...bad, description: 'Nobody answers.' },
    ]
    expect(await run(['check', 'Photos'], { results })).toMatchObject({
      out: [
        '✓ AWS identity ann',
        '✗ The way there',
        '    Nobody answers.',
        '    → Connect the VPN.',
        '',
        '1 problem found.',
      ],
      exit: 'failed',
      done: [],
    })
  })

  test('with --update-access lets the present address in first', async () => {
    const { done, err } = await run(['check', 'Photos', '--update-access'])
    expect(done).toEqual(['access'])
    expect(err.at(-1)).toBe('198.51.100.9/32 is let in now, in place of 203.0.113.7/32.')
  })
})
