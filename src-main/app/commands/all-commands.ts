import type { Core } from '../core.ts'
import type { AppParts, Lookup } from '../parts.ts'
import { resetApp } from '../state/reset-app.ts'
import { saveDiagnostics } from '../state/save-diagnostics.ts'
import type { Bucket } from '../drives/buckets.ts'
import { accountCommands } from './account-commands.ts'
import { appCommands } from './app-commands.ts'
import { driveCommands } from './drive-commands.ts'
import type { Handlers } from './handlers.ts'
import { settingsCommands } from './settings-commands.ts'
import { uploadCommands } from './upload-commands.ts'

/** All that a window may ask for, by name. */
export function allCommands(core: Core, parts: AppParts): Handlers {
  const { publisher, ending } = core
  const { dirs, desktop } = parts
  const look = (): Promise<void> => core.loop.look()
  const reload = async (): Promise<void> => {
    await core.looker.takeList()
    core.loop.soon()
  }
  return {
    ...driveCommands({
      ...core,
      ...parts,
      findBucket: (driveId) => findBucket(driveId, core),
      ending: ending.signal,
      reload,
    }),
    ...uploadCommands({ ...core, ...parts, look }),
    ...accountCommands({
      ...core,
      lookup: learning(core, parts.lookup),
      stacks: parts.stacks,
      ending: ending.signal,
    }),
    ...settingsCommands({ ...core, desktop }),
    ...appCommands({
      desktop,
      logDir: dirs.logDir,
      snapshot: () => publisher.current(),
      saveDiagnostics: () =>
        saveDiagnostics({
          ...parts,
          readSettings: () => parts.settings.read(),
          logDir: dirs.logDir,
          signal: ending.signal,
        }),
      reset: () => resetApp({ ...core, ...parts, reload: look }),
    }),
  }
}

/** Who opens a page does not wait long for a better one. */
const bucketLimitMs = 5_000

async function findBucket(driveId: string, { buckets, appDrives }: Core): Promise<Bucket | undefined> {
  const appDrive = appDrives.get(driveId)
  await buckets.findNow(appDrive, AbortSignal.timeout(bucketLimitMs)).catch(() => undefined)
  return buckets.of(appDrive)
}

/** What a person has listed tells the buckets of drives, too. */
function learning({ buckets }: Pick<Core, 'buckets'>, lookup: Lookup): Lookup {
  return {
    waysIn: (...asked) => lookup.waysIn(...asked),
    bucketOf: (...asked) => lookup.bucketOf(...asked),
    fileSystems: async (...asked) => {
      const choices = await lookup.fileSystems(...asked)
      buckets.learn(choices)
      return choices
    },
  }
}
