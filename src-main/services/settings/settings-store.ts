import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Settings } from './schema.ts'

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
}

export interface SettingsStoreOptions {
  readonly filePath: string
  readonly clock: Clock
  readonly log: Logger
}

export declare function createSettingsStore(options: SettingsStoreOptions): SettingsStore
