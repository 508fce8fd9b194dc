import { realpathSync } from 'node:fs'

import { createEmitter } from '../../lib/event.ts'
import type { HostDirs } from '../../lib/host-dirs.ts'
import { simulatedBucketDirOf, type Drive } from '../../services/drives/drive.ts'
import type { KeptDrive } from '../../services/drives/keep-drive.ts'
import { keyPrefixOf } from '../../services/vitals/sync/object-key.ts'
import type { ObjectsPlace, Vitals, WatchedDrive } from '../../services/vitals/vitals.ts'
import type { RecentFile } from '../../shared/app/snapshot.ts'
import type { FrontEvent } from '../../shared/front-protocol.ts'
import type { AppDrive } from './app-drive.ts'
import type { Bucket } from './buckets.ts'
import { sandboxDirOf } from '../../composition/sandbox/sandbox-dir.ts'

export interface DriveVitalsDeps {
  readonly vitals: Vitals
  readonly dirs: Pick<HostDirs, 'stateDir'>
  /** Hears what the fronts of this process say. */
  readonly onFrontEvent: (appDrive: AppDrive, event: FrontEvent) => void
}

interface Watched extends Disposable {
  readonly drive: WatchedDrive
}

/** Has the vitals of each drive of the list watched, and hands them what its keeper hears. */
export class DriveVitals implements Disposable {
  readonly changed = createEmitter<undefined>()
  readonly recent = createEmitter<RecentFile>()
  readonly #deps: DriveVitalsDeps
  readonly #watched = new Map<string, Watched>()

  constructor(deps: DriveVitalsDeps) {
    this.#deps = deps
  }

  of(driveId: string): WatchedDrive | undefined {
    return this.#watched.get(driveId)?.drive
  }

  watch(appDrive: AppDrive): void {
    const { drive } = appDrive
    using own = new DisposableStack()
    const watched = own.use(
      this.#deps.vitals.watch({
        driveId: drive.id,
        objects: this.#placeOf(drive),
        exportStatusOf: async (path, signal) => await appDrive.kept?.exportOf(path, signal),
      }),
    )
    own.use(watched.changed.on(() => this.changed.fire(undefined)))
    own.use(watched.recent.on((file) => this.recent.fire(file)))
    own.use(appDrive.held.on((kept) => this.#follow(appDrive, watched, kept)))
    own.use(appDrive.changed.on(() => watched.setMounted(appDrive.state.kind === 'mounted')))
    watched.setMounted(appDrive.state.kind === 'mounted')
    const all = own.move()
    this.#watched.set(drive.id, { drive: watched, [Symbol.dispose]: () => all.dispose() })
  }

  /** The bucket of a drive in S3 Files has become known. */
  setBucket(drive: Drive, bucket: Bucket): void {
    // A key that is only guessed would never be found, and the file seem to be on its way for ever.
    if (drive.kind !== 's3files' || !bucket.isExact) return
    const { fileSystemId, region, profile } = drive.fileSystem
    this.of(drive.id)?.setObjects({
      kind: 's3',
      fileSystemId,
      bucket: bucket.name,
      keyPrefix: keyPrefixOf({ prefix: bucket.prefix, remotePath: drive.fileSystem.remotePath }),
      region,
      profile,
    })
  }

  forget(driveId: string): void {
    this.#watched.get(driveId)?.[Symbol.dispose]()
    this.#watched.delete(driveId)
  }

  [Symbol.dispose](): void {
    for (const watched of this.#watched.values()) watched[Symbol.dispose]()
    this.#watched.clear()
  }

  #follow(appDrive: AppDrive, watched: WatchedDrive, kept: KeptDrive): void {
    const hearing = new DisposableStack()
    hearing.use(
      kept.frontEvents.on((event) => {
        watched.hear(event)
        this.#deps.onFrontEvent(appDrive, event)
      }),
    )
    hearing.use(kept.roundTrips.on((ms) => watched.roundTrip(ms)))
    void kept.ended.then(() => hearing.dispose())
  }

  /** Only the Sandbox itself gets a simulated bucket: nobody wants a copy of the folder they work in. */
  #placeOf(drive: Drive): ObjectsPlace {
    const { stateDir } = this.#deps.dirs
    if (drive.kind === 'sandbox' && drive.sourceDir === canonical(sandboxDirOf({ stateDir }))) {
      return {
        kind: 'simulated',
        sourceDir: drive.sourceDir,
        bucketDir: simulatedBucketDirOf(drive, { stateDir }),
      }
    }
    return { kind: 'unknown' }
  }
}

/** As drives have their folders. */
function canonical(dir: string): string {
  try {
    return realpathSync(dir)
  } catch {
    return dir
  }
}
