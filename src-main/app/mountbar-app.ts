import { allCommands } from './commands/all-commands.ts'
import { commandRunner } from './commands/handlers.ts'
import type { Core } from './core.ts'
import { createCore } from './create-core.ts'
import { stopDrives, type StopOptions } from './drives/stop-drives.ts'
import { followChanges } from './follow-changes.ts'
import type { AppParts } from './parts.ts'
import type { MountbarApp } from './ports.ts'

export interface StartedApp extends MountbarApp, AsyncDisposable {}

/**
 * The app but for its screen. Resolves when the list of drives is read and looked at; drives that mount by themselves are on their way in the next turn. Disposing it
 * ends what it started but for volumes: `stop` comes before.
 */
export async function startMountbarApp(parts: AppParts): Promise<StartedApp> {
  const { clock, log } = parts
  await using starting = new AsyncDisposableStack()
  const core = createCore(parts, starting)
  const { accounts, machine, engine, loop, wishes, publisher, teller } = core
  starting.use(followChanges(core, parts))

  await Promise.all([loop.now(), machine.look()])
  // In a turn of its own: whoever waits for the app hears of what comes of it.
  const begin = (): void => {
    void accounts.start()
    wishes.mountAutomatic()
    engine.look()
    parts.stacks.look()
  }
  starting.use(clock.setTimeout(begin, 0))

  const started = starting.move()
  return {
    snapshot: () => publisher.current(),
    published: publisher.published,
    happened: teller.happened,
    run: commandRunner(allCommands(core, parts), log),
    awake: (reason) => awake(reason, core, parts),
    unfinished: () => unfinished(core),
    stop: (options) => stop(options, core, parts),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}

function awake(
  reason: Parameters<MountbarApp['awake']>[0],
  core: Core,
  { vitals, stacks, log }: AppParts,
): void {
  log.info('app', 'awake', { reason })
  vitals.wake()
  core.buckets.forgetFailures()
  stacks.look()
  void core.machine.look()
  core.engine.look()
  void core.accounts.refresh()
  for (const { kept } of core.appDrives.list()) kept?.wake()
  void core.loop.now()
  if (core.mayMount) core.wishes.retry(reason === 'network' ? 'network' : 'awake')
}

function unfinished({ appDrives, looker }: Core): ReturnType<MountbarApp['unfinished']> {
  const held = appDrives.list().filter(({ kept }) => kept !== undefined)
  return {
    mounted: held.filter(({ state }) => state.kind === 'mounted').length,
    pendingUploads: held.reduce((sum, { drive }) => sum + looker.recordOf(drive.id).totals.pending, 0),
  }
}

async function stop(options: StopOptions, core: Core, parts: AppParts): ReturnType<MountbarApp['stop']> {
  core.stops += 1
  const own = core.stops
  const running = core.appDrives.list().filter(({ kept, isBusy }) => kept !== undefined || isBusy)
  const stillMounted = await stopDrives(running, options, parts)
  const goesOn = options.signal.aborted || (stillMounted.length > 0 && !options.force)
  if (!goesOn) {
    core.ending.abort()
    await parts.stacks.end()
  }
  // Another stop may have taken the place of this one.
  else if (core.stops === own) core.stops = 0
  return { stillMounted }
}
