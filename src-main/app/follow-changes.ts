import { emptySettings } from '../services/settings/schema.ts'
import { showQuestions } from './accounts/show-questions.ts'
import type { Core } from './core.ts'
import { isFarWanted } from './create-core.ts'
import type { AppDrive } from './drives/app-drive.ts'
import type { AppParts } from './parts.ts'
import { tellOfEngine, tellOfFile, tellOfStack } from './state/tell.ts'

/** Joins the parts of the core: what one has noticed is what another acts on. Ends with the returned handle. */
export function followChanges(core: Core, parts: AppParts): Disposable {
  using following = new DisposableStack()
  following.use(publishChanges(core, parts))
  following.use(followDrives(core))
  following.use(followFiles(core))
  following.use(parts.stacks.ended.on((end) => tellOfStack(end, core.teller, parts.clock.now())))
  following.use(tryAgain(core, parts))
  following.use(followChannel(core, parts))
  const { desktop } = parts
  following.use(showQuestions(core.prompt, core.appDrives, { showView: (view) => desktop.showView(view) }))
  return following.move()
}

function publishChanges(core: Core, { stacks, desktop }: AppParts): Disposable {
  using following = new DisposableStack()
  const publish = (): void => core.publisher.invalidate()
  const { accounts, appSettings, appDrives, engine, driveVitals, machine, prompt } = core
  const sources = [accounts, appSettings, appDrives, engine, driveVitals, machine, prompt, stacks]
  for (const { changed } of sources) following.use(changed.on(publish))
  following.use(desktop.updates.changed.on(publish))
  following.use(
    desktop.updates.changed.on((view) => {
      if (view.kind !== 'ready') return
      const { version } = view
      core.teller.tell({ kind: 'update-ready', key: `update-ready:${version}`, version })
    }),
  )
  return following.move()
}

/** Whoever has chosen another one: a window, a reset, somebody in the file. */
function followChannel({ appSettings }: Core, { desktop }: AppParts): Disposable {
  let followed: string = emptySettings.updateChannel
  return appSettings.changed.on(() => {
    const { updateChannel } = appSettings.current
    if (updateChannel === followed) return
    followed = updateChannel
    desktop.updates.setChannel(updateChannel)
  })
}

function followDrives(core: Core): Disposable {
  const { appDrives, driveVitals, buckets, lost, looker, recent, engine, loop } = core
  using following = new DisposableStack()
  const failures = new Map<string, string | undefined>()
  const setBucket = (appDrive: AppDrive): void => {
    const bucket = buckets.of(appDrive)
    if (bucket !== undefined) driveVitals.setBucket(appDrive.drive, bucket)
  }
  const onChanged = (appDrive: AppDrive): void => {
    const { drive, state, failure } = appDrive
    lost.look(appDrive)
    // Whoever holds it.
    if (state.kind === 'mounted') buckets.find(appDrive)
    if (state.kind === 'unmounted') loop.soon()
    const isNew = failures.get(drive.id) !== failure?.code
    failures.set(drive.id, failure?.code)
    // An engine that could not be used is news for all drives.
    if (isNew && failure?.code.startsWith('engine-') === true) engine.look()
  }
  following.use(
    appDrives.added.on((appDrive) => {
      driveVitals.watch(appDrive)
      setBucket(appDrive)
      appDrive.changed.on(() => onChanged(appDrive))
    }),
  )
  following.use(
    appDrives.removed.on(({ drive }) => {
      driveVitals.forget(drive.id)
      looker.forget(drive.id)
      lost.forget(drive.id)
      recent.forgetDrive(drive.id)
      failures.delete(drive.id)
    }),
  )
  following.use(
    buckets.changed.on(() => {
      appDrives.list().forEach(setBucket)
      core.publisher.invalidate()
    }),
  )
  return following.move()
}

function followFiles({ driveVitals, recent, teller, publisher }: Core): Disposable {
  return driveVitals.recent.on((file) => {
    recent.add(file)
    tellOfFile(file, teller)
    publisher.invalidate()
  })
}

/** What has failed for want of something is tried again when that is there. */
function tryAgain(core: Core, { vitals, stacks }: AppParts): Disposable {
  const { engine, accounts, appDrives, buckets, teller, wishes } = core
  using following = new DisposableStack()
  following.use(
    engine.appeared.on(() => {
      teller.forget('engine-missing')
      if (core.mayMount) wishes.retry('engine')
    }),
  )
  following.use(
    engine.changed.on(() => {
      if (appDrives.list().some(isFarWanted)) tellOfEngine(core)
    }),
  )
  following.use(
    accounts.signInsChanged.on(() => {
      buckets.forgetFailures()
      stacks.look()
      vitals.wake()
      if (core.mayMount) wishes.retry('sign-in')
    }),
  )
  return following.move()
}
