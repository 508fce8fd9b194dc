import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { urlOf } from '../../../src-main/services/drives/drive.ts'
import type { SandboxDrive } from '../../../src-main/services/drives/drive.ts'
import { AppError } from '../../../src-main/shared/errors.ts'
import { FakeCommandLine } from '../../fakes/fake-command-line.ts'
import { aDrive } from '../../fakes/fake-drive-list.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import type { TempDir } from '../../harness/temp-dir.ts'

let temp: TempDir
let photosDir: string
let cli: FakeCommandLine

beforeEach(async () => {
  temp = await makeTempDir('cli')
  photosDir = join(temp.dir, 'Photos')
  await mkdir(photosDir)
  cli = new FakeCommandLine(temp.dir)
})

afterEach(async () => {
  await temp[Symbol.asyncDispose]()
})

function addDrive(changes: Partial<SandboxDrive> = {}): SandboxDrive {
  const drive = aDrive({ sourceDir: photosDir, ...changes })
  cli.list.drives = [...cli.list.drives, drive]
  return drive
}

/** As another process keeps it: in the mount table, and its front answers. */
async function mountElsewhere(drive: SandboxDrive, mountPoint = '/mnt/photos'): Promise<void> {
  const { id, name, port, pathSecret } = drive
  const config = { driveId: id, driveName: name, port, pathSecret, stateDir: '/s' }
  const { signal } = new AbortController()
  await cli.fronts.start({ ...config, backend: { kind: 'local', rootDir: drive.sourceDir } }, signal)
  cli.volumes.table = [...cli.volumes.table, { url: urlOf(drive), mountPoint }]
}

function out(): string {
  return cli.terminal.out.join('\n')
}

function err(): string {
  return cli.terminal.err.join('\n')
}

describe('the command line', () => {
  test.each([
    [['--help'], 0],
    [['help', 'mount'], 0],
    [['mount', '--help'], 0],
    [['--version'], 0],
    [[], 0],
    [['frobnicate'], 2],
    [['mount'], 2],
    [['mount', 'a', 'b'], 2],
    [['mount', 'a', '--at'], 2],
    [['drives', '--jsn'], 2],
    [['unmount'], 2],
    [['unmount', 'Photos', '--all'], 2],
    [['unmount', 'Photos'], 3],
    [['mount', 'Photos'], 3],
    [['mount', '/no/such/folder'], 3],
    [['forget', 'Photos'], 3],
    [['reveal', 'Photos'], 3],
    [['drives'], 0],
    [['status'], 0],
    [['doctor'], 0],
  ])('%j ends with status %i', async (args, status) => {
    expect(await cli.run(...args)).toBe(status)
  })

  test('suggests the command and the option that were probably meant', async () => {
    await cli.run('mont', 'x')
    await cli.run('drives', '--jsn')
    expect(err()).toContain('Did you mean mount?')
    expect(err()).toContain('Did you mean --json?')
  })

  test('has help with an example for every command a person may use', async () => {
    await cli.run('--help')
    const commands = [...out().matchAll(/^ {2}([a-z]+)(?:\||[ ])/gm)].map(([, name]) => name!)
    const names = ['demo', 'drives', 'mount', 'unmount', 'status', 'reveal', 'forget', 'doctor']
    expect(commands).toEqual(expect.arrayContaining(names))
    for (const name of names) {
      cli.terminal.out.length = 0
      expect(await cli.run(name, '--help')).toBe(0)
      expect(out()).toContain(`$ mountbar ${name}`)
    }
    expect(commands).not.toContain('keep')
  })

  test('says the version and nothing else', async () => {
    await cli.run('--version')
    expect(out().trim()).toBe('1.2.3')
  })
})

describe('an error', () => {
  test('is told in sentences with a way out, on stderr', async () => {
    addDrive({ name: 'Sandbox' })
    await cli.run('unmount', 'Sanbox')
    expect(out()).toBe('')
    expect(err()).toContain('No such drive')
    expect(err()).toContain('there is one called “Sandbox”')
    expect(err()).toContain('→ See all drives with `mountbar drives`')
  })

  test('that nobody foresaw names the log and shows no stack', async () => {
    addDrive()
    cli.keeperError = new AppError('unexpected', {}, { cause: new TypeError('x is not a function') })
    expect(await cli.run('mount', 'Photos')).toBe(1)
    expect(err()).toContain('/logs/mountbar.log')
    expect(err()).not.toMatch(/TypeError|not a function|\bat \w+/)
  })

  test('is JSON on stdout when JSON was asked for', async () => {
    cli.volumes.listError = new AppError('command-failed', { command: 'mount' })
    expect(await cli.run('status', '--json')).toBe(1)
    expect(JSON.parse(out())).toMatchObject({ error: { code: 'command-failed', title: 'A program failed' } })
  })
})

describe('mount', () => {
  test('makes a folder a drive and leaves it to a keeper', async () => {
    expect(await cli.run('mount', photosDir, '--name', 'Pictures', '--at', '/mnt/x', '--read-only')).toBe(0)
    expect(cli.list.drives).toMatchObject([
      { name: 'Pictures', sourceDir: photosDir, mountPoint: '/mnt/x', readOnly: true },
    ])
    expect(cli.keepersStarted).toEqual([cli.list.drives[0]?.id])
    expect(out()).toBe('Pictures is mounted at /mnt/it')
  })

  test('keeps earlier choices that are not made again', async () => {
    addDrive({ readOnly: true, mountPoint: '/mnt/old' })
    await cli.run('mount', 'Photos', '--at', '/mnt/new')
    expect(cli.list.drives).toMatchObject([{ readOnly: true, mountPoint: '/mnt/new' }])
    await cli.run('mount', 'Photos', '--no-read-only')
    expect(cli.list.drives).toMatchObject([{ readOnly: false, mountPoint: '/mnt/new' }])
  })

  test('of a mounted drive says where it is and starts nothing', async () => {
    await mountElsewhere(addDrive())
    expect(await cli.run('mount', 'Photos')).toBe(0)
    expect(out()).toBe('Photos is mounted at /mnt/photos')
    expect(cli.keepersStarted).toEqual([])
  })

  test('of a mounted drive at another place is refused, and nothing is changed', async () => {
    const drive = addDrive()
    await mountElsewhere(drive)
    expect(await cli.run('mount', 'Photos', '--at', '/mnt/new')).toBe(4)
    expect(cli.list.drives).toEqual([drive])
  })

  test('of a volume that lost its front starts a keeper, which repairs it', async () => {
    const drive = addDrive()
    cli.volumes.table = [{ url: urlOf(drive), mountPoint: '/mnt/photos' }]
    expect(await cli.run('mount', 'Photos')).toBe(0)
    expect(cli.keepersStarted).toEqual([drive.id])
  })

  test('says so when the drive had to move to another port', async () => {
    addDrive()
    cli.keeperAnswer = { port: 50_001, formerPort: 40_001 }
    await cli.run('mount', 'Photos')
    expect(err()).toContain('Another program uses port 40001; Photos has moved to 50001')
  })

  test.each([
    ['mount-point-not-empty', 4],
    ['mounter-missing', 5],
    ['mount-timeout', 1],
    ['cancelled', 130],
  ] as const)('that fails in the keeper with %s ends with status %i', async (code, status) => {
    addDrive()
    cli.keeperError = new AppError(code)
    expect(await cli.run('mount', 'Photos')).toBe(status)
  })

  test('in the foreground stays until Ctrl-C, then unmounts', async () => {
    addDrive()
    const running = cli.run('mount', 'Photos', '--foreground')
    await expect.poll(() => cli.volumes.mounted).toHaveLength(1)
    await expect.poll(err).toContain('Press Ctrl-C')
    cli.process.emit('SIGINT')
    expect(await running).toBe(0)
    expect(cli.volumes.table).toEqual([])
    expect([...cli.fronts.running.keys()]).toEqual([])
    expect(out()).toContain('Photos is unmounted.')
  })

  test('in the foreground needs a second Ctrl-C for a volume in use', async () => {
    addDrive()
    cli.volumes.unmountError = new AppError('unmount-busy', { name: 'Photos' })
    const running = cli.run('mount', 'Photos', '--foreground')
    await expect.poll(err).toContain('Press Ctrl-C to unmount.')
    cli.process.emit('SIGINT')
    await expect.poll(err).toContain('once more')
    expect(cli.volumes.table).toHaveLength(1)
    cli.process.emit('SIGINT')
    expect(await running).toBe(0)
    expect(cli.volumes.unmounted).toMatchObject([{ force: true }])
  })
})

describe('unmount', () => {
  test('ends a drive that another process keeps, by its name in any capitals', async () => {
    await mountElsewhere(addDrive())
    expect(await cli.run('unmount', 'photos')).toBe(0)
    expect(cli.volumes.table).toEqual([])
    expect([...cli.fronts.running.keys()]).toEqual([])
    expect(out()).toBe('Photos is unmounted.')
  })

  test('of a volume in use fails with status 4 and leaves it', async () => {
    await mountElsewhere(addDrive())
    cli.volumes.unmountError = new AppError('unmount-busy', { mountPoint: '/mnt/photos' })
    expect(await cli.run('unmount', 'Photos')).toBe(4)
    expect(cli.volumes.table).toHaveLength(1)
    expect(await cli.run('unmount', 'Photos', '--force')).toBe(0)
  })

  test('--all goes on after one that fails, and reports it', async () => {
    await mountElsewhere(addDrive())
    const gone = addDrive({ id: 'zzz999', name: 'Lost', sourceDir: '/gone', port: 40_002 })
    cli.volumes.table = [{ url: urlOf(gone), mountPoint: '/mnt/lost' }, ...cli.volumes.table]
    cli.fronts.startErrors.push(new AppError('source-missing', { path: '/gone' }))
    expect(await cli.run('unmount', '--all')).toBe(1)
    expect(err()).toContain('could not unmount “Lost”')
    expect(err()).toContain('`mountbar unmount --force`')
    expect(out()).toBe('Photos is unmounted.')
    expect(cli.volumes.table).toEqual([{ url: urlOf(gone), mountPoint: '/mnt/lost' }])
  })

  test('--all with nothing mounted says so and is fine', async () => {
    addDrive()
    expect(await cli.run('unmount', '--all')).toBe(0)
    expect(out()).toBe('Nothing is mounted.')
  })
})

describe('what is shown', () => {
  test('drives lists mounted and unmounted ones with their folders', async () => {
    await mountElsewhere(addDrive())
    addDrive({ id: 'zzz999', name: 'Music', sourceDir: '/music', readOnly: true, port: 40_002 })
    await cli.run('drives')
    expect(cli.terminal.out).toEqual([
      'NAME     ID       STATE         FILES',
      'Photos   abc234   mounted       ~/Photos',
      'Music    zzz999   not mounted   /music (read-only)',
    ])
  })

  test('drives --json is one JSON document', async () => {
    const drive = addDrive()
    await cli.run('drives', '--json')
    expect(cli.terminal.out).toHaveLength(1)
    expect(JSON.parse(out())).toMatchObject({
      drives: [
        { id: drive.id, name: 'Photos', mounted: false, state: { kind: 'unmounted' }, url: urlOf(drive) },
      ],
    })
  })

  test('status tells how to repair a volume without a server', async () => {
    const drive = addDrive()
    cli.volumes.table = [{ url: urlOf(drive), mountPoint: '/mnt/photos' }]
    await cli.run('status')
    expect(out()).toContain('no server')
    expect(out()).toContain('`mountbar mount "Photos"` repairs it')
  })

  test('status says what keeps the bridge of a drive from working', async () => {
    const drive = addDrive()
    await mountElsewhere(drive)
    cli.fronts.running
      .get(drive.id)
      ?.setBridge({ trouble: { code: 'access-denied', args: { fileSystemId: 'fs-1' } } })
    await cli.run('status')
    expect(out()).toContain('“Photos” waits. ')
    expect(out()).toContain('s3files:ClientMount')
  })

  test('status --watch draws on a terminal until Ctrl-C', async () => {
    cli = new FakeCommandLine(temp.dir, { isInteractive: true })
    await mountElsewhere(addDrive())
    const running = cli.run('status', '--watch')
    await expect.poll(() => cli.terminal.drawn.length).toBeGreaterThan(0)
    cli.process.emit('SIGINT')
    expect(await running).toBe(0)
    expect(cli.terminal.drawn[0]?.[1]).toContain('0 requests')
    expect(out()).toBe('')
  })

  test('doctor shows what to do and ends with status 1 only for problems', async () => {
    const advice = {
      id: 'a',
      title: 'A',
      severity: 'advice',
      passed: false,
      description: 'Hm.',
      fixes: ['Do it.'],
    } as const
    cli.checkResults = [advice]
    expect(await cli.run('doctor')).toBe(0)
    cli.checkResults = [advice, { ...advice, severity: 'problem' }]
    expect(await cli.run('doctor')).toBe(1)
    expect(out()).toContain('    → Do it.')
    expect(out()).toContain('1 problem found.')
  })
})

describe('demo', () => {
  test('--json without --once is not understood', async () => {
    expect(await cli.run('demo', '--json')).toBe(2)
    expect(cli.list.drives).toEqual([])
  })

  test('that is interrupted before its files are written is cancelled, and mounts nothing', async () => {
    const running = cli.run('demo')
    cli.process.emit('SIGINT')
    expect(await running).toBe(130)
    expect(cli.volumes.mounted).toEqual([])
  })

  test('needs no second thought for an unmount that hangs: the second Ctrl-C forces it', async () => {
    const running = cli.run('demo')
    await expect.poll(out, { timeout: 10_000 }).toContain('Press Ctrl-C')
    cli.volumes.hangsUnlessForced = true
    cli.process.emit('SIGINT')
    await expect.poll(err).toContain('Unmounting')
    expect(cli.volumes.table).toHaveLength(1)
    cli.process.emit('SIGINT')
    expect(await running).toBe(0)
    expect(cli.volumes.table).toEqual([])
    expect(out()).toContain('The files stay in ~/app/state/Sandbox')
  })
})

describe('forget', () => {
  test('takes a drive off the list and leaves its files', async () => {
    addDrive()
    expect(await cli.run('forget', 'Photos')).toBe(0)
    expect(cli.list.drives).toEqual([])
    expect(await readdir(temp.dir)).toContain('Photos')
    expect(out()).toContain('~/Photos')
  })

  test('of a mounted drive is refused', async () => {
    await mountElsewhere(addDrive())
    expect(await cli.run('forget', 'Photos')).toBe(4)
    expect(cli.list.drives).toHaveLength(1)
  })
})

describe('mounting a drive whose AWS profile wants a code', () => {
  const question = { profile: 'work', serial: 'arn:aws:iam::111122223333:mfa/ann', role: 'arn:role' }

  beforeEach(() => {
    cli = new FakeCommandLine(temp.dir, { isInteractive: true })
    cli.mfaQuestion = question
    addDrive()
  })

  test('asks for it at the terminal, and hands it to the keeper', async () => {
    cli.terminal.typed.push('123456')
    expect(await cli.run('mount', 'Photos')).toBe(0)
    expect(cli.mfaCode).toBe('123456')
    expect(err()).toContain('Code of arn:aws:iam::111122223333:mfa/ann: ')
    expect(`${out()} ${err()}`).not.toContain('123456')
  })

  test('is cancelled by who would rather not', async () => {
    expect(await cli.run('mount', 'Photos')).toBe(130)
    expect(err()).toContain('Cancelled')
  })

  test('says what to do where nobody can be asked', async () => {
    cli = new FakeCommandLine(temp.dir)
    cli.mfaQuestion = question
    addDrive()
    expect(await cli.run('mount', 'Photos')).toBe(1)
    expect(err()).toContain('Mount the drive in a terminal')
  })

  test('leaves nobody to be asked once the drive is mounted', async () => {
    let during: unknown
    cli.volumes.onMount = () => {
      during = cli.mfa.ask
    }
    const running = cli.run('mount', 'Photos', '--foreground')
    await expect.poll(err).toContain('Press Ctrl-C')
    expect(during).toBeTypeOf('function')
    expect(cli.mfa.ask).toBeUndefined()
    cli.process.emit('SIGINT')
    expect(await running).toBe(0)
  })
})
