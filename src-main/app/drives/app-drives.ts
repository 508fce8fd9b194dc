import { createEmitter } from '../../lib/event.ts'
import type { Drive } from '../../services/drives/drive.ts'
import { AppError } from '../../shared/errors.ts'
import { AppDrive, type AppDriveDeps } from './app-drive.ts'

/** The drives of the list, in its order, each with what this app does with it. */
export class AppDrives {
  readonly changed = createEmitter<undefined>()
  readonly added = createEmitter<AppDrive>()
  readonly removed = createEmitter<AppDrive>()
  readonly #deps: AppDriveDeps
  #all = new Map<string, AppDrive>()

  constructor(deps: AppDriveDeps) {
    this.#deps = deps
  }

  list(): readonly AppDrive[] {
    return [...this.#all.values()]
  }

  find(driveId: string): AppDrive | undefined {
    return this.#all.get(driveId)
  }

  /** @throws AppError `drive-unknown`. */
  get(driveId: string): AppDrive {
    const found = this.#all.get(driveId)
    if (found === undefined) throw new AppError('drive-unknown', { name: driveId })
    return found
  }

  /** Takes over the list as it is on disk. One that is gone there and still held here, or about to be, stays until it has ended. */
  setList(drives: readonly Drive[]): void {
    const before = this.#all
    const now = new Map<string, AppDrive>()
    const added: AppDrive[] = []
    for (const drive of drives) {
      const known = before.get(drive.id)
      known?.setDrive(drive)
      now.set(drive.id, known ?? this.#add(drive, added))
    }
    for (const [id, known] of before) {
      if (!now.has(id) && (known.kept !== undefined || known.isBusy)) now.set(id, known)
    }
    const removed = [...before.values()].filter((known) => !now.has(known.drive.id))
    const isSame = [...before.keys()].join() === [...now.keys()].join()
    this.#all = now
    removed.forEach((drive) => this.removed.fire(drive))
    added.forEach((drive) => this.added.fire(drive))
    if (!isSame) this.changed.fire(undefined)
  }

  #add(drive: Drive, added: AppDrive[]): AppDrive {
    const made = new AppDrive(drive, this.#deps)
    made.changed.on(() => this.changed.fire(undefined))
    added.push(made)
    return made
  }
}
