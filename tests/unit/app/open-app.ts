import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import type { AwsAccounts } from '../../../src-main/app/accounts/account-book.ts'
import type { EngineFinding } from '../../../src-main/app/engine/engine-watch.ts'
import { startMountbarApp, type StartedApp } from '../../../src-main/app/mountbar-app.ts'
import type { AppParts, Lookup, Stacks } from '../../../src-main/app/parts.ts'
import type { Happening } from '../../../src-main/core/happening.ts'
import { createMfaDesk, type MfaDesk } from '../../../src-main/composition/aws/mfa-desk.ts'
import { driveListOf } from '../../../src-main/composition/drive-list.ts'
import { createEmitter, type Emitter } from '../../../src-main/lib/event.ts'
import { silentLogger } from '../../../src-main/lib/logger.ts'
import type { SignInOptions } from '../../../src-main/services/credentials/sso/sso-sign-ins.ts'
import type { Profile } from '../../../src-main/services/credentials/profiles/preflight.ts'
import type { Drive } from '../../../src-main/services/drives/drive.ts'
import { createDrives } from '../../../src-main/services/drives/drives.ts'
import { emptySettings, type Settings } from '../../../src-main/services/settings/schema.ts'
import { createSettingsStore } from '../../../src-main/services/settings/settings-store.ts'
import type { CommandAnswer } from '../../../src-main/shared/app/answers.ts'
import type { CommandInput, CommandName } from '../../../src-main/shared/app/commands.ts'
import type { DriveView, Snapshot } from '../../../src-main/shared/app/snapshot.ts'
import { AppError } from '../../../src-main/shared/errors.ts'
import { systemClock } from '../../../src-main/lib/clock.ts'
import { FakeBridges } from '../../fakes/fake-bridges.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { FakeDesktop } from '../../fakes/fake-desktop.ts'
import { FakeFronts } from '../../fakes/fake-fronts.ts'
import { FakeVitals } from '../../fakes/fake-vitals.ts'
import { FakeVolumes } from '../../fakes/fake-volumes.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

/** Sign-ins of a person who approves when the test says so. */
export class FakeAws implements AwsAccounts {
  list: readonly Profile[] = []
  readonly changed: Emitter<void> = createEmitter()
  readonly profiles = {
    defaultName: 'default',
    list: () => Promise.resolve({ profiles: this.list, problems: [] }),
  }
  options: SignInOptions | undefined
  approved = Promise.withResolvers<undefined>()
  readonly signedOut: string[] = []
  readonly signIns: AwsAccounts['signIns'] = {
    changed: this.changed,
    signIn: async (_center, options, signal) => {
      this.options = options
      const cancelled = Promise.withResolvers<never>()
      signal.addEventListener('abort', () => cancelled.reject(new AppError('cancelled')))
      await Promise.race([this.approved.promise, cancelled.promise])
    },
    signOut: () => {
      this.signedOut.push('work')
      return Promise.resolve({ kind: 'signed-out' })
    },
  }

  findSignIn(profile: string): ReturnType<AwsAccounts['findSignIn']> {
    const found = this.list.find(({ name }) => name === profile)
    if (found === undefined || 'problem' in found || !found.kind.startsWith('sso')) {
      return Promise.reject(new AppError('sign-in-not-used', { profile }))
    }
    const center = { startUrl: 'https://example.com/start', region: 'eu-central-1', scopes: [] }
    return Promise.resolve({ profile, center, servedProfiles: [profile] })
  }
}

export interface OpenApp extends AsyncDisposable {
  readonly dir: string
  readonly app: StartedApp
  readonly clock: FakeClock
  readonly fronts: FakeFronts
  readonly volumes: FakeVolumes
  readonly bridges: FakeBridges
  readonly desktop: FakeDesktop
  readonly vitals: FakeVitals
  readonly aws: FakeAws
  readonly mfa: MfaDesk
  readonly parts: AppParts
  readonly world: World
  readonly published: Snapshot[]
  readonly happened: Happening[]
  /** The answer of a command that is expected to succeed. */
  readonly do: <K extends CommandName>(name: K, input: CommandInput<K>) => Promise<CommandAnswer<K>>
  /** The code a command is refused with. */
  readonly refusal: <K extends CommandName>(name: K, input: CommandInput<K>) => Promise<string>
  readonly drive: (name?: string) => DriveView
  /** Moves time on in steps, so that real files are read in between. */
  readonly pass: (ms: number) => Promise<void>
  /** Moves time on until `condition` holds. @throws after a minute of it. */
  readonly until: (condition: () => boolean) => Promise<void>
}

/** What the test may change while the app runs. */
export interface World {
  engine: EngineFinding
  looks: number
  isOnline: boolean
  freeBytes: number
}

export const readyEngine: EngineFinding = {
  candidates: [{ name: 'Docker Desktop', address: '/docker.sock' }],
  found: { ok: true, name: 'Docker Desktop', version: '29.0' },
}
export const noEngine: EngineFinding = {
  candidates: [],
  found: { ok: false, error: { code: 'engine-missing', args: {} } },
}

const noStacks: Stacks = {
  views: () => [],
  changed: createEmitter<undefined>(),
  ended: createEmitter(),
  list: () => Promise.resolve([]),
  plan: () => Promise.resolve(),
  deploy: () => Promise.resolve(),
  cancel: () => Promise.resolve(),
  dismiss: () => undefined,
  look: () => undefined,
  end: () => Promise.resolve(),
}

export interface OpenOptions {
  readonly drives?: readonly Drive[]
  readonly settings?: Partial<Settings>
  readonly before?: (open: Omit<OpenApp, 'app' | 'parts'>) => void | Promise<void>
  readonly lookup?: Partial<Lookup>
  readonly letIn?: AppParts['letIn']
  readonly stacks?: Stacks
}

/** The app's core on real drives and settings, over fronts, volumes, bridges, AWS and a desktop that are none. */
export async function openApp(options: OpenOptions = {}): Promise<OpenApp> {
  await using cleanup = new AsyncDisposableStack()
  const temp = cleanup.use(await makeTempDir('app'))
  const clock = new FakeClock()
  const dirs = {
    configDir: join(temp.dir, 'config'),
    stateDir: join(temp.dir, 'state'),
    cacheDir: join(temp.dir, 'cache'),
    logDir: join(temp.dir, 'logs'),
    runDir: join(temp.dir, 'run'),
    volumesDir: join(temp.dir, 'volumes'),
  }
  await mkdir(dirs.stateDir, { recursive: true })
  const log = silentLogger
  // Its lock is a real one, that other processes might hold.
  const settings = createSettingsStore({
    filePath: join(dirs.configDir, 'settings.json'),
    clock: systemClock,
    log,
  })
  await settings.update(() => ({
    ...emptySettings,
    ...options.settings,
    drives: [...(options.drives ?? [])] as Settings['drives'],
  }))
  const fronts = new FakeFronts()
  const volumes = new FakeVolumes()
  const bridges = new FakeBridges()
  const desktop = new FakeDesktop()
  const vitals = new FakeVitals()
  const aws = new FakeAws()
  const mfa = createMfaDesk()
  const world: World = { engine: readyEngine, looks: 0, isOnline: true, freeBytes: 1e12 }
  const drives = createDrives({ drives: driveListOf(settings), fronts, volumes, bridges, dirs, clock, log })
  const published: Snapshot[] = []
  const happened: Happening[] = []
  const parts: AppParts = {
    drives,
    settings,
    diagnostics: { run: () => Promise.resolve([]) },
    mfa,
    aws: () => Promise.resolve(aws),
    lookForEngines: () => {
      world.looks += 1
      return Promise.resolve(world.engine)
    },
    vitals,
    lookup: {
      fileSystems: () => Promise.resolve([]),
      waysIn: () => Promise.resolve({ servers: [], accessPoints: [] }),
      bucketOf: () => Promise.reject(new AppError('aws-denied')),
      ...options.lookup,
    },
    stacks: options.stacks ?? noStacks,
    letIn: options.letIn ?? (() => Promise.resolve()),
    desktop,
    isOnline: () => world.isOnline,
    freeBytes: () => Promise.resolve(world.freeBytes),
    makeSandbox: async (dir) => {
      await mkdir(dir, { recursive: true })
    },
    dirs,
    version: '1.2.3',
    clock,
    log,
  }
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 500) {
      await clock.advance(Math.min(500, left))
      await settle()
    }
  }
  const run: OpenApp['do'] = async (name, input) => {
    const answer = await app.run(name, input)
    if (!answer.ok) throw new AppError(answer.error.code, answer.error.args)
    return answer.value
  }
  const common = {
    dir: temp.dir,
    clock,
    fronts,
    volumes,
    bridges,
    desktop,
    vitals,
    aws,
    mfa,
    world,
    published,
    happened,
    do: run,
    refusal: async <K extends CommandName>(name: K, input: CommandInput<K>) => {
      const answer = await app.run(name, input)
      return answer.ok ? 'none' : answer.error.code
    },
    drive: (name?: string) => {
      const found = app.snapshot().drives.find((drive) => name === undefined || drive.name === name)
      if (found === undefined) throw new Error('there is no such drive')
      return found
    },
    pass,
    until: async (condition: () => boolean) => {
      await settle()
      for (let passedMs = 0; !condition(); passedMs += 100) {
        if (passedMs > 60_000) throw new Error('it did not come to that')
        await pass(100)
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
  const owned = cleanup.move()
  await options.before?.(common)
  const app = await startMountbarApp(parts)
  owned.defer(() => app[Symbol.asyncDispose]())
  app.published.on((snapshot) => published.push(snapshot))
  app.happened.on((happening) => happened.push(happening))
  await pass(1)
  return { ...common, app, parts }
}
