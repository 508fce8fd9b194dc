import { AccountBook } from './accounts/account-book.ts'
import { MfaPrompt } from './accounts/mfa-prompt.ts'
import { AppDrives } from './drives/app-drives.ts'
import type { AppDrive } from './drives/app-drive.ts'
import { Buckets } from './drives/buckets.ts'
import { DriveLooker } from './drives/drive-looker.ts'
import { DriveVitals } from './drives/drive-vitals.ts'
import { LostDrives } from './drives/lost-drives.ts'
import { LookLoop } from './drives/look-loop.ts'
import { Wishes } from './drives/wishes.ts'
import { EngineWatch } from './engine/engine-watch.ts'
import type { Core } from './core.ts'
import type { AppParts } from './parts.ts'
import { AppSettings } from './state/app-settings.ts'
import { assembleSnapshot } from './state/assemble-snapshot.ts'
import { MachineFacts } from './state/machine-facts.ts'
import { Publisher } from './state/publisher.ts'
import { RecentFiles } from './state/recent-files.ts'
import { Teller } from './state/teller.ts'
import { Others } from './state/others.ts'
import { bringsNews, tellOfFront, tellOfSessions } from './state/tell.ts'

/** Makes what the core consists of, and starts nothing. `own` disposes what it must. */
export function createCore(parts: AppParts, own: AsyncDisposableStack): Core {
  const { drives, desktop, vitals, dirs, clock, log } = parts
  const ending = new AbortController()
  const teller = new Teller()
  const appSettings = new AppSettings(parts.settings)
  const accounts = own.use(new AccountBook({ aws: parts.aws, clock, log }))
  const appDrives = new AppDrives({ drives, log })
  const driveVitals = own.use(
    new DriveVitals({
      vitals,
      dirs,
      onFrontEvent: (appDrive, event) => {
        tellOfFront(appDrive, event, teller)
        if (bringsNews(event)) core.loop.soon()
      },
    }),
  )
  const looker = new DriveLooker(appDrives, {
    drives,
    clock,
    log,
    watchedOf: (driveId) => driveVitals.of(driveId),
    onChange: () => core.publisher.invalidate(),
    onListFailed: (error) => log.warn('app', 'list of drives not read', { error }),
  })
  const others = new Others((driveId) => looker.recordOf(driveId), teller)
  const look = async (): Promise<void> => {
    await appSettings.read()
    await looker.look(ending.signal)
    if (ending.signal.aborted) return
    if (core.mayMount) core.wishes.adoptOrphans()
    tellOfSessions(core, clock.now())
    others.tell(appDrives)
    core.publisher.invalidate()
  }
  const core: Core = {
    teller,
    recent: new RecentFiles(),
    appSettings,
    prompt: new MfaPrompt(),
    accounts,
    machine: own.use(new MachineFacts({ drives, desktop, clock, log, ...machineParts(parts) })),
    appDrives,
    buckets: new Buckets(parts.lookup, log, ending.signal),
    wishes: new Wishes(appDrives, clock, log),
    lost: own.use(new LostDrives(teller, clock)),
    engine: own.use(
      new EngineWatch({
        look: parts.lookForEngines,
        chosen: () => appSettings.current.engine,
        isWanted: () => appDrives.list().some(isFarWanted),
        clock,
        log,
      }),
    ),
    driveVitals,
    looker,
    loop: own.use(new LookLoop({ look, isMoving: () => looker.isMoving, ending: ending.signal, clock, log })),
    publisher: own.use(new Publisher(() => assembleSnapshot(core, parts), clock)),
    ending,
    stops: 0,
    get mayMount() {
      return this.stops === 0
    },
  }
  own.defer(() => ending.abort())
  own.use(parts.mfa.staff(core.prompt.ask))
  return core
}

function machineParts({ isOnline, freeBytes }: AppParts): Pick<AppParts, 'isOnline' | 'freeBytes'> {
  return { isOnline, freeBytes }
}

export function isFarWanted({ drive, isWanted }: AppDrive): boolean {
  return drive.kind === 's3files' && isWanted
}
