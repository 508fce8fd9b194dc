import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { FakeCommandLine } from '../../fakes/fake-command-line.ts'
import { startStackRig, type StackRig } from '../../harness/aws/stack-rig.ts'
import { makeTempDir, type TempDir } from '../../harness/temp-dir.ts'

let rig: StackRig
let temp: TempDir
let cli: FakeCommandLine

beforeEach(async () => {
  rig = await startStackRig({ turnsPerLook: 12 })
  temp = await makeTempDir('deploy')
  cli = commandLine()
})
afterEach(async () => {
  await rig[Symbol.asyncDispose]()
  await temp[Symbol.asyncDispose]()
})

function commandLine(options: { readonly isInteractive?: boolean } = {}): FakeCommandLine {
  const line = new FakeCommandLine(temp.dir, options)
  line.stacks = rig.stacks
  return line
}

const out = (): string => cli.terminal.out.join('\n')
const err = (): string => cli.terminal.err.join('\n')

describe('deploy', () => {
  test('--dry-run shows the plan with its cost, and leaves nothing', async () => {
    expect(await cli.run('deploy', '--dry-run')).toBe(0)
    expect(out()).toContain('AWS would make the stack mountbar in eu-central-1 (profile default, account 1')
    expect(out()).toMatch(/^ {2}\+ make +the file system +AWS::S3Files::FileSystem$/m)
    expect(out()).toMatch(/^Way in +nlb: a load balancer on the Internet, for named addresses only$/m)
    expect(out()).toMatch(/^Lets in +198\.51\.100\.7\/32$/m)
    expect(out()).toMatch(
      /^Cost +about \$20 a month while unused \(network load balancer, public IPv4 address\); storage and traffic by use/m,
    )
    expect(out()).toContain('Nothing was done.')
    expect(err()).toContain('Asking which address your connections come from …')
    expect(rig.cloud.stacks.map(({ status }) => status)).toEqual(['DELETE_COMPLETE'])
  })

  test('--yes makes the stack, tells each step once, and how to go on', async () => {
    expect(await cli.run('deploy', '--yes', '--name', 'mountbar-photos')).toBe(0)
    const steps = cli.terminal.err.filter((line) => line.startsWith('Making'))
    expect(steps.length).toBeGreaterThan(2)
    expect(new Set(steps).size).toBe(steps.length)
    expect(steps.at(-1)).toBe('Making  100 %  22 of 22')
    expect(out()).toContain('mountbar-photos in eu-central-1: ready')
    expect(out()).toMatch(/File system +fs-[0-9a-f]+$/m)
    expect(out()).toContain('Mount it: mountbar mount --stack mountbar-photos')
  })

  test('nobody who could be asked is no yes', async () => {
    expect(await cli.run('deploy')).toBe(2)
    expect(err()).toContain('Nobody is here to be asked; add --yes to deploy.')
    expect(rig.aws.control.state.fileSystems.size).toBe(0)
  })

  test('a no does nothing, a yes does it', async () => {
    cli = commandLine({ isInteractive: true })
    cli.terminal.answers.push(false, true)
    expect(await cli.run('deploy')).toBe(0)
    expect(out()).toContain('Do this?\n\nNothing was done.')
    expect(rig.aws.control.state.fileSystems.size).toBe(0)
    expect(await cli.run('deploy')).toBe(0)
    expect(rig.aws.control.state.fileSystems.size).toBe(1)
    expect(cli.terminal.drawn.at(-1)?.[0]).toContain('100 %')
  })

  test('the same again has nothing to change', async () => {
    await cli.run('deploy', '--yes')
    cli.terminal.out.length = 0
    expect(await cli.run('deploy', '--yes')).toBe(0)
    expect(out()).toContain('Nothing to change.\nmountbar in eu-central-1: ready')
  })

  test('what a failed making left is offered to be removed', async () => {
    rig.cloud.failNext('Vpc', 'The maximum number of VPCs has been reached.')
    expect(await cli.run('deploy', '--yes')).toBe(1)
    expect(err()).toContain('A limit of your AWS account is reached')
    cli = commandLine({ isInteractive: true })
    cli.terminal.answers.push(true, true)
    expect(await cli.run('deploy')).toBe(0)
    expect(out()).toContain('What is left of the failed stack mountbar is in the way. Remove it and go on?')
    expect(out()).toContain('mountbar in eu-central-1: ready')
  })

  test('--replace-failed removes it without being asked', async () => {
    rig.cloud.failNext('Vpc', 'no')
    await cli.run('deploy', '--yes')
    expect(await cli.run('deploy', '--yes', '--replace-failed')).toBe(0)
    expect(out()).toContain('mountbar in eu-central-1: ready')
  })

  test('an interrupt ends the watching and says how to go on; --watch and --cancel do', async () => {
    rig.cloud.hold('MountTarget')
    const running = cli.run('deploy', '--yes')
    await expect.poll(err).toContain('the mount target')
    cli.process.emit('SIGINT')
    expect(await running).toBe(130)
    expect(err()).toContain(
      'AWS goes on without this command. `mountbar deploy --watch --name mountbar` watches again,',
    )
    expect(rig.cloud.find('mountbar').status).toBe('CREATE_IN_PROGRESS')

    rig.cloud.release('MountTarget')
    cli = commandLine()
    expect(await cli.run('deploy', '--watch')).toBe(0)
    expect(out()).toContain('mountbar in eu-central-1: ready')
  })

  test('--cancel takes back a making', async () => {
    rig.cloud.hold('MountTarget')
    const running = cli.run('deploy', '--yes')
    await expect.poll(err).toContain('the mount target')
    cli.process.emit('SIGINT')
    await running
    rig.cloud.release('MountTarget')
    cli = commandLine()
    expect(await cli.run('deploy', '--cancel')).toBe(0)
    expect(out()).toBe('The stack mountbar is removed.')
  })

  test('openness is warned of in words', async () => {
    await cli.run('deploy', '--dry-run', '--cidr', '0.0.0.0/0', '--open-to-the-internet')
    expect(out()).toContain('0.0.0.0/0 lets everybody on the Internet connect.')
  })

  test.each([
    [['--bucket', 'a-bucket', '--new-bucket', 'b-bucket'], '--bucket and --new-bucket exclude each other.'],
    [['--vpc', 'vpc-0123abcd'], '--vpc, --subnet and --mount-target-address go together.'],
    [['--set', 'nothing'], '--set takes Parameter=value'],
    [['--way-in', 'magic'], 'Allowed choices are nlb, private, ssm'],
  ])('%j is not understood, and says why', async (args, says) => {
    expect(await cli.run('deploy', '--dry-run', ...args)).toBe(2)
    expect(err()).toContain(says)
  })
})

describe('stacks', () => {
  test('lists what is there, with its state', async () => {
    await cli.run('deploy', '--yes', '--name', 'mountbar-b', '--way-in', 'ssm')
    rig.cloud.failNext('Vpc', 'no')
    await cli.run('deploy', '--yes', '--name', 'mountbar-a')
    cli.terminal.out.length = 0
    expect(await cli.run('stacks')).toBe(0)
    expect(out()).toMatch(/^STACK +REGION +WAY IN +BUCKET +FILE SYSTEM +STATE$/m)
    expect(out()).toMatch(/^mountbar-a +eu-central-1 +nlb +– +– +failed; deploy with --replace-failed$/m)
    expect(out()).toMatch(/^mountbar-b +eu-central-1 +ssm +mountbar-b-\S+ +fs-\S+ +ready$/m)
  })

  test('says where nothing is', async () => {
    expect(await cli.run('stacks')).toBe(0)
    expect(out()).toBe('No stacks in eu-central-1. `mountbar deploy` makes one.')
  })

  test('as JSON, with the outputs', async () => {
    await cli.run('deploy', '--yes')
    cli.terminal.out.length = 0
    await cli.run('stacks', '--json')
    expect(JSON.parse(out())).toMatchObject({
      stacks: [{ name: 'mountbar', status: 'CREATE_COMPLETE', outputs: { wayIn: 'nlb' } }],
    })
  })
})
