import { mountPointOf } from '../services/drives/drive.ts'
import type { FrontEvent } from '../shared/front-protocol.ts'
import type { RecentFile } from '../shared/app/snapshot.ts'
import { AccountBook } from './accounts/account-book.ts'
import { MfaPrompt } from './accounts/mfa-prompt.ts'
import { accountCommands } from './commands/account-commands.ts'
import { appCommands } from './commands/app-commands.ts'
import { driveCommands } from './commands/drive-commands.ts'
import { commandRunner } from './commands/handlers.ts'
import { settingsCommands } from './commands/settings-commands.ts'
import { uploadCommands } from './commands/upload-commands.ts'
import { AppDrives } from './drives/app-drives.ts'
import type { AppDrive } from './drives/app-drive.ts'
import { Buckets } from './drives/buckets.ts'
import { DriveLooker } from './drives/drive-looker.ts'
import { DriveVitals } from './drives/drive-vitals.ts'
import { LostDrives } from './drives/lost-drives.ts'
import { stopDrives } from './drives/stop-drives.ts'
import { Wishes } from './drives/wishes.ts'
import { EngineWatch } from './engine/engine-watch.ts'
import type { AppParts } from './parts.ts'
import type { Happening, MountbarApp } from './ports.ts'
import { AppSettings } from './state/app-settings.ts'
import { conditionsOf } from './state/conditions.ts'
import { driveViewOf } from './state/drive-view.ts'
import { MachineFacts } from './state/machine-facts.ts'
import { Publisher, type SnapshotContent } from './state/publisher.ts'
import { RecentFiles } from './state/recent-files.ts'
import { resetApp } from './state/reset-app.ts'
import { saveDiagnostics } from './state/save-diagnostics.ts'
import { sessionNotices } from './state/session-notices.ts'
import { Teller } from './state/teller.ts'

/** From one look to the next: while uploads move, and otherwise. */
const lookEveryMs = { moving: 1_000, resting: 3_000 }
const noVitals = { latency: undefined, sync: undefined, bytesInPerSec: 0, bytesOutPerSec: 0 }

export interface StartedApp extends MountbarApp, AsyncDisposable {}

/**
 * The app but for its screen. Resolves when the list of drives is read and looked at; drives that mount by themselves are on their way then. Disposing it
 * ends what it started but for volumes: `stop` comes before.
 */
export async function startMountbarApp(parts: AppParts): Promise<StartedApp> {
  const { drives, desktop, vitals, dirs, clock, log } = parts
  await using starting = new AsyncDisposableStack()
  const ending = new AbortController()
  starting.defer(() => ending.abort())
  /** Of the stop that is under way. */
  let stopping: object | undefined

  const teller = new Teller()
  const recent = new RecentFiles()
  const appSettings = new AppSettings(parts.settings)
  const prompt = new MfaPrompt()
  starting.use(parts.mfa.staff(prompt.ask))
  const accounts = starting.use(new AccountBook({ aws: parts.aws, clock, log }))
  const machine = starting.use(new MachineFacts(parts))
  const appDrives = new AppDrives({ drives, log })
  const buckets = new Buckets(parts.lookup, log, ending.signal)
  const wishes = new Wishes(appDrives, log)
  const lost = starting.use(new LostDrives(teller, clock))
  const isFarWanted = (): boolean => {
    return appDrives.list().some(({ drive, isWanted }) => drive.kind === 's3files' && isWanted)
  }
  const engine = starting.use(
    new EngineWatch({
      look: parts.lookForEngines,
      chosen: () => appSettings.current.engine,
      isWanted: isFarWanted,
      clock,
      log,
    }),
  )
  const driveVitals = starting.use(
    new DriveVitals({
      vitals,
      dirs,
      onFrontEvent: (appDrive, event) => {
        tellOfFront(appDrive, event, teller)
        if (bringsLook.has(event.type)) lookSoon()
      },
    }),
  )
  const looker = new DriveLooker(appDrives, {
    drives,
    clock,
    log,
    watchedOf: (driveId) => driveVitals.of(driveId),
    onChange: () => publisher.invalidate(),
    onListFailed: (error) => log.warn('app', 'list of drives not read', { error }),
  })

  const profileOf = ({ drive }: AppDrive): string | undefined => {
    return drive.kind === 's3files' ? (drive.fileSystem.profile ?? accounts.defaultName) : undefined
  }
  const assemble = (): SnapshotContent => {
    const accountViews = accounts.views()
    return {
      version: parts.version,
      drives: appDrives.list().map((appDrive) =>
        driveViewOf(appDrive, {
          record: looker.recordOf(appDrive.drive.id),
          vitals: driveVitals.of(appDrive.drive.id)?.view() ?? noVitals,
          mountPoint: mountPointOf(appDrive.drive, dirs),
          bucket: buckets.of(appDrive),
          defaultProfile: accounts.defaultName,
        }),
      ),
      engine: engine.view,
      accounts: accountViews,
      prompt: prompt.view,
      conditions: conditionsOf({
        drives: appDrives.list().map((appDrive) => ({
          profile: profileOf(appDrive),
          isFar: appDrive.drive.kind === 's3files',
          state: appDrive.state,
          isWanted: appDrive.isWanted,
        })),
        engine: engine.view,
        accounts: accountViews,
        isOnline: machine.isOnline,
        settingsError: appSettings.error,
        settingsSetAsidePath: appSettings.setAsidePath,
        disk: machine.disk,
        mountObstacle: machine.mountObstacle,
      }),
      recent: recent.list(),
      stacks: parts.stacks.views(),
      settings: appSettings.view(machine.opensAtLogin),
      update: desktop.updates.view,
    }
  }
  const publisher = starting.use(new Publisher(assemble, clock))

  const tellOfSessions = (): void => {
    const used = new Set(
      appDrives.list().flatMap((appDrive) => {
        const profile = profileOf(appDrive)
        return profile !== undefined && (appDrive.isWanted || appDrive.state.kind === 'mounted')
          ? [profile]
          : []
      }),
    )
    const views = accounts.views()
    for (const { profile, session } of views) {
      if (session.kind === 'valid') teller.forget(`session-expired:${profile}`)
    }
    sessionNotices(views, used, clock.now()).forEach((notice) => teller.tell(notice))
  }

  const look = async (): Promise<void> => {
    await appSettings.read()
    await looker.look(ending.signal)
    if (ending.signal.aborted) return
    if (stopping === undefined) wishes.adoptOrphans()
    tellOfSessions()
    publisher.invalidate()
  }
  let lookTimer: Disposable | undefined
  const lookAfter = (delayMs: number): void => {
    lookTimer?.[Symbol.dispose]()
    if (ending.signal.aborted) return
    lookTimer = clock.setTimeout(() => void lookNow(), delayMs)
  }
  const lookNow = async (): Promise<void> => {
    await look().catch((error: unknown) => {
      if (!ending.signal.aborted) log.error('app', 'not looked', { error })
    })
    lookAfter(looker.isMoving ? lookEveryMs.moving : lookEveryMs.resting)
  }
  const lookSoon = (): void => {
    if (!looker.isMoving) lookAfter(300)
  }
  starting.defer(() => lookTimer?.[Symbol.dispose]())

  const failures = new Map<string, string | undefined>()
  /** An engine that could not be used is news for all drives. */
  const noticeFailure = ({ drive, failure }: AppDrive): void => {
    const isNew = failures.get(drive.id) !== failure?.code
    failures.set(drive.id, failure?.code)
    if (isNew && failure?.code.startsWith('engine-') === true) engine.look()
  }
  const note = (file: RecentFile): void => {
    recent.add(file)
    tellOfFile(file, teller)
    publisher.invalidate()
  }
  const publish = (): void => publisher.invalidate()
  const sources = [accounts, appSettings, engine, driveVitals, machine, prompt, parts.stacks]
  for (const { changed } of sources) starting.use(changed.on(publish))
  starting.use(desktop.updates.changed.on(publish))
  starting.use(driveVitals.recent.on(note))
  starting.use(
    appDrives.added.on((appDrive) => {
      driveVitals.watch(appDrive)
      const bucket = buckets.of(appDrive)
      if (bucket !== undefined) driveVitals.setBucket(appDrive.drive, bucket)
      appDrive.changed.on(() => {
        lost.look(appDrive)
        noticeFailure(appDrive)
        if (appDrive.state.kind === 'mounted' && appDrive.kept !== undefined) void buckets.find(appDrive)
        if (appDrive.state.kind === 'unmounted') lookSoon()
      })
    }),
  )
  starting.use(
    appDrives.removed.on(({ drive }) => {
      driveVitals.forget(drive.id)
      looker.forget(drive.id)
      lost.forget(drive.id)
      recent.forgetDrive(drive.id)
    }),
  )
  starting.use(appDrives.changed.on(publish))
  starting.use(
    buckets.changed.on(() => {
      for (const appDrive of appDrives.list()) {
        const bucket = buckets.of(appDrive)
        if (bucket !== undefined) driveVitals.setBucket(appDrive.drive, bucket)
      }
      publish()
    }),
  )
  starting.use(
    engine.appeared.on(() => {
      teller.forget('engine-missing')
      if (stopping === undefined) wishes.retry('engine')
    }),
  )
  starting.use(
    engine.changed.on(() => {
      const { state, error } = engine.view
      if (state === 'missing' && isFarWanted()) {
        teller.tell({ kind: 'engine-missing', key: 'engine-missing', ...(error && { error }) })
      }
    }),
  )
  starting.use(
    accounts.signInsChanged.on(() => {
      buckets.forgetFailures()
      vitals.wake()
      if (stopping === undefined) wishes.retry('sign-in')
    }),
  )
  starting.use(
    desktop.updates.changed.on((view) => {
      if (view.kind !== 'ready') return
      const { version } = view
      teller.tell({ kind: 'update-ready', key: `update-ready:${version}`, version })
    }),
  )

  const lookup = {
    ...parts.lookup,
    fileSystems: async (...asked: Parameters<typeof parts.lookup.fileSystems>) => {
      const choices = await parts.lookup.fileSystems(...asked)
      buckets.learn(choices)
      return choices
    },
  }
  const handlers = {
    ...driveCommands({
      appDrives,
      looker,
      drives,
      desktop,
      dirs,
      makeSandbox: parts.makeSandbox,
      bucketOf: (driveId) => buckets.of(appDrives.get(driveId)),
      reload: look,
    }),
    ...uploadCommands({ appDrives, drives, looker, desktop, look }),
    ...accountCommands({
      accounts,
      prompt,
      lookup,
      stacks: parts.stacks,
      ending: ending.signal,
    }),
    ...settingsCommands({ appSettings, engine, machine, desktop }),
    ...appCommands({
      desktop,
      logDir: dirs.logDir,
      snapshot: () => publisher.current(),
      saveDiagnostics: () =>
        saveDiagnostics({
          desktop,
          diagnostics: parts.diagnostics,
          readSettings: () => parts.settings.read(),
          logDir: dirs.logDir,
          version: parts.version,
          clock,
          signal: ending.signal,
        }),
      reset: () => resetApp({ appDrives, looker, drives, appSettings, desktop, dirs, reload: look }),
    }),
  }

  await appSettings.read()
  await look()
  desktop.updates.setChannel(appSettings.current.updateChannel)
  void accounts.start()
  await machine.look()
  engine.look()
  wishes.mountAutomatic()
  await lookNow()

  const started = starting.move()
  return {
    snapshot: () => publisher.current(),
    published: publisher.published,
    happened: teller.happened,
    run: commandRunner(handlers, log),
    awake: (reason) => {
      log.info('app', 'awake', { reason })
      vitals.wake()
      buckets.forgetFailures()
      void machine.look()
      engine.look()
      void accounts.refresh()
      for (const { kept } of appDrives.list()) kept?.wake()
      void lookNow()
      if (stopping === undefined) wishes.retry(reason === 'network' ? 'network' : 'awake')
    },
    unfinished: () => {
      const held = appDrives.list().filter(({ kept }) => kept !== undefined)
      return {
        mounted: held.filter(({ state }) => state.kind === 'mounted').length,
        pendingUploads: held.reduce((sum, { drive }) => sum + looker.recordOf(drive.id).totals.pending, 0),
      }
    },
    stop: async (options) => {
      const own = {}
      stopping = own
      const all = appDrives.list()
      const stillMounted = await stopDrives(
        all.filter(({ kept, state }) => kept !== undefined || state.kind === 'preparing'),
        options,
        { clock, log },
      )
      const goesOn = options.signal.aborted || (stillMounted.length > 0 && !options.force)
      if (goesOn && stopping === own) stopping = undefined
      if (!goesOn) ending.abort()
      return { stillMounted }
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}

/** After these the uploads are others than they were. */
const bringsLook: ReadonlySet<FrontEvent['type']> = new Set([
  'saved',
  'delivered',
  'upload-attention',
  'conflict',
  'discarded',
  'stalled',
  'recovered',
])

function tellOfFront({ drive }: AppDrive, event: FrontEvent, teller: Teller): void {
  const driveId = drive.id
  if (event.type === 'upload-attention') {
    const { id, path, error } = event
    const key = `upload-attention:${driveId}:${id}`
    teller.tell({ kind: 'upload-attention', key, driveId, paths: [path], error })
  }
  if (event.type === 'conflict') {
    const { path, keptAs } = event
    teller.tell({
      kind: 'conflict',
      key: `conflict:${driveId}:${keptAs}`,
      driveId,
      paths: [path, keptAs],
    })
  }
}

function tellOfFile({ what, driveId, path, detail }: RecentFile, teller: Teller): void {
  if (what !== 'export-refused') return
  const refusal: Happening = {
    kind: 'export-refused',
    key: `export-refused:${driveId}:${path}:${detail ?? ''}`,
    driveId,
    paths: [path],
  }
  teller.tell(refusal)
}
