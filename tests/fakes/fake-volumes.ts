import type { VolumeTableEntry, Volumes } from '../../src-main/services/drives/ports.ts'
import { AppError } from '../../src-main/shared/errors.ts'

type MountRequest = Parameters<Volumes['mount']>[0]

/** A mount table and nothing behind it. */
export class FakeVolumes implements Volumes {
  table: VolumeTableEntry[] = []
  readonly mounted: MountRequest[] = []
  readonly unmounted: { mountPoint: string; force: boolean }[] = []
  readonly revealed: string[] = []
  obstacle: AppError | undefined
  mountError: AppError | undefined
  /** Rejects every unmount that is not forced. */
  unmountError: AppError | undefined
  /** As `umount` of a volume whose server does not answer. */
  hangsUnlessForced = false
  /** Rejects every unmount after it has been done. */
  lateUnmountError: AppError | undefined
  listError: AppError | undefined
  /** Runs in the middle of a mount: the moment to interrupt it. */
  onMount: (() => void) | undefined

  available(): Promise<AppError | undefined> {
    return Promise.resolve(this.obstacle)
  }

  list(): Promise<readonly VolumeTableEntry[]> {
    return this.listError === undefined ? Promise.resolve([...this.table]) : Promise.reject(this.listError)
  }

  mount(request: MountRequest): Promise<void> {
    this.onMount?.()
    if (this.mountError !== undefined) return Promise.reject(this.mountError)
    this.mounted.push(request)
    this.table.push({ url: request.url, mountPoint: request.mountPoint })
    return Promise.resolve()
  }

  unmount(mountPoint: string, { force }: { readonly force: boolean }): Promise<void> {
    if (!this.table.some((entry) => entry.mountPoint === mountPoint)) {
      return Promise.reject(new AppError('not-mounted', { mountPoint }))
    }
    if (this.hangsUnlessForced && !force) return new Promise(() => undefined)
    if (this.unmountError !== undefined && !force) return Promise.reject(this.unmountError)
    this.unmounted.push({ mountPoint, force })
    this.eject(mountPoint)
    return this.lateUnmountError === undefined ? Promise.resolve() : Promise.reject(this.lateUnmountError)
  }

  reveal(mountPoint: string): Promise<void> {
    this.revealed.push(mountPoint)
    return Promise.resolve()
  }

  /** Takes the volume out of the table, as Finder's eject does. */
  eject(mountPoint: string): void {
    this.table = this.table.filter((entry) => entry.mountPoint !== mountPoint)
  }
}
