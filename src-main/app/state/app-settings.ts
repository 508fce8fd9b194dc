import { createEmitter } from '../../lib/event.ts'
import { emptySettings, type Settings } from '../../services/settings/schema.ts'
import type { SettingsStore } from '../../services/settings/settings-store.ts'
import { notificationKinds, type NotificationKind, type SettingsView } from '../../shared/app/snapshot.ts'
import { toAppError, type SerializedError } from '../../shared/errors.ts'

/** The app's own settings as they were read last; drives are another's business. */
export class AppSettings {
  readonly changed = createEmitter<undefined>()
  readonly #store: SettingsStore
  #current: Settings = emptySettings
  #error: SerializedError | undefined

  constructor(store: SettingsStore) {
    this.#store = store
  }

  get current(): Settings {
    return this.#current
  }

  /** Why they cannot be read; drives cannot either then. */
  get error(): SerializedError | undefined {
    return this.#error
  }

  get setAsidePath(): string | undefined {
    return this.#store.setAsidePath()
  }

  view(openAtLogin: boolean): SettingsView {
    const { updateChannel, notifications } = this.#current
    const isOn = (kind: NotificationKind): boolean => notifications[kind] ?? true
    const switches = Object.fromEntries(notificationKinds.map((kind) => [kind, isOn(kind)]))
    return {
      openAtLogin,
      updateChannel,
      notifications: switches as Record<NotificationKind, boolean>,
    }
  }

  /** Never rejects: what is wrong is `error`. */
  async read(): Promise<void> {
    const before = JSON.stringify([this.#current, this.#error])
    try {
      this.#current = await this.#store.read()
      this.#error = undefined
    } catch (error) {
      this.#error = toAppError(error).toJSON()
    }
    if (JSON.stringify([this.#current, this.#error]) !== before) this.changed.fire(undefined)
  }

  /** @throws as `SettingsStore.update`. */
  async update(change: (settings: Settings) => Settings): Promise<void> {
    this.#current = await this.#store.update(change)
    this.changed.fire(undefined)
  }
}
