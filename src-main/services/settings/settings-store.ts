import { mkdir, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

import { writeFileAtomic } from '../../lib/atomic-file.ts'
import type { Clock } from '../../lib/clock.ts'
import { acquireFileLock } from '../../lib/file-lock.ts'
import type { Logger } from '../../lib/logger.ts'
import { AppError } from '../../shared/errors.ts'
import { parseSettings, type ParsedSettings } from './parse-settings.ts'
import { emptySettings, settingsSchema, type Settings } from './schema.ts'

/** The one settings file, shared by every Mountbar process of this user. */
export interface SettingsStore {
  /**
   * The settings as they are on disk now; empty ones where there is no file. A file that is no valid settings file is
   * renamed to `settings.json.broken-<date>`, reported in the log, and read as empty.
   * @throws AppError `settings-from-the-future` {path, version}, `settings-unreadable` {path}.
   */
  read(): Promise<Settings>
  /**
   * Reads, applies `change` and writes, alone among all processes; resolves with what was written.
   * `change` is pure and may throw to leave the file as it is.
   * @throws as `read`, `state-dir-unusable` {path}, or what `change` throws.
   */
  update(change: (settings: Settings) => Settings): Promise<Settings>
  /** Where a broken file was put that this process came upon; nothing when all was well. */
  setAsidePath(): string | undefined
}

export interface SettingsStoreOptions {
  readonly filePath: string
  readonly clock: Clock
  readonly log: Logger
}

/** An update takes milliseconds; whoever holds the lock this long is stopped in a debugger. */
const lockTimeoutMs = 10_000

export function createSettingsStore({ filePath, clock, log }: SettingsStoreOptions): SettingsStore {
  let setAsidePath: string | undefined

  const load = async (): Promise<ParsedSettings> => {
    const text = await readText(filePath)
    return text === undefined ? { kind: 'settings', settings: emptySettings } : parseSettings(text)
  }

  const loadLocked = async (): Promise<Settings> => {
    const parsed = await load()
    if (parsed.kind === 'settings') return parsed.settings
    if (parsed.kind === 'broken') return await putAside(parsed.cause)
    throw new AppError('settings-from-the-future', { path: filePath, version: parsed.version })
  }

  const putAside = async (cause: unknown): Promise<Settings> => {
    const keptPath = `${filePath}.broken-${new Date(clock.now()).toISOString().replaceAll(':', '-')}`
    log.error('settings', 'broken', { path: filePath, keptPath, error: cause })
    await inStateDir(() => rename(filePath, keptPath))
    setAsidePath = keptPath
    return emptySettings
  }

  const locked = async (action: () => Promise<Settings>): Promise<Settings> => {
    using _lock = await inStateDir(async () => {
      await mkdir(dirname(filePath), { recursive: true, mode: 0o700 })
      return await acquireFileLock(`${filePath}.lock`, { clock, timeoutMs: lockTimeoutMs })
    })
    return await action()
  }

  const inStateDir = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await action()
    } catch (error) {
      throw new AppError('state-dir-unusable', { path: dirname(filePath) }, { cause: error })
    }
  }

  return {
    setAsidePath: () => setAsidePath,
    read: async () => {
      const parsed = await load()
      // Looked at again under the lock: another process may have put a good file there meanwhile.
      return parsed.kind === 'settings' ? parsed.settings : await locked(loadLocked)
    },
    update: (change) =>
      locked(async () => {
        const settings = settingsSchema.parse(change(await loadLocked()))
        await inStateDir(() => writeFileAtomic(filePath, `${JSON.stringify(settings, undefined, 2)}\n`))
        return settings
      }),
  }
}

/** `undefined` when there is no file. */
async function readText(filePath: string): Promise<string | undefined> {
  try {
    return await readFile(filePath, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw new AppError('settings-unreadable', { path: filePath }, { cause: error })
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
