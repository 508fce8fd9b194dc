import type { Core } from '../core.ts'
import type { AppParts, Lookup } from '../parts.ts'
import { resetApp } from '../state/reset-app.ts'
import { saveDiagnostics } from '../state/save-diagnostics.ts'
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
  const reload = (): Promise<void> => core.loop.look()
  return {
    ...driveCommands({
      ...core,
      ...parts,
      bucketOf: (driveId) => core.buckets.of(core.appDrives.get(driveId)),
      reload,
    }),
    ...uploadCommands({ ...core, ...parts, look: reload }),
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
      reset: () => resetApp({ ...core, ...parts, reload }),
    }),
  }
}

/** What a person has listed tells the buckets of drives, too. */
function learning({ buckets }: Pick<Core, 'buckets'>, lookup: Lookup): Lookup {
  return {
    waysIn: (...asked) => lookup.waysIn(...asked),
    fileSystems: async (...asked) => {
      const choices = await lookup.fileSystems(...asked)
      buckets.learn(choices)
      return choices
    },
  }
}
