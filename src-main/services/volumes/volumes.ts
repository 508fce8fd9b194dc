import type { AppError } from '../../shared/errors.ts'

/** One line of the OS mount table. `url` is the source as the system shows it, which for a WebDAV volume is its URL. */
export interface MountedVolume {
  readonly mountPoint: string
  readonly url: string
  /** The file system's name: `webdav` on macOS, `fuse` for davfs2. */
  readonly type: string
}

export interface MountRequest {
  /** Ends in `/`; also how the volume is recognised in the mount table. */
  readonly url: string
  /** Absolute. Made (mode 0700) when missing; must be an empty directory otherwise. */
  readonly mountPoint: string
  /** What the user sees as the volume's name, where the system has such a thing. */
  readonly name: string
  readonly readOnly: boolean
  readonly signal?: AbortSignal
}

export interface UnmountOptions {
  readonly force: boolean
  readonly signal?: AbortSignal
}

/**
 * The OS mounts of WebDAV URLs. What is mounted is what the mount table says; a mounted path is never touched to find
 * out, because a volume whose server is gone blocks whoever touches it.
 */
export interface Volumes {
  readonly kind: 'webdavfs' | 'davfs2'
  /** Why this machine cannot mount; nothing when it can: `mounter-missing` {program, package?} or `permission-denied` {needed}. */
  available(): Promise<AppError | undefined>
  /** Every mounted file system, ours and others'. @throws AppError `command-failed`, `command-missing`, `command-timeout`. */
  list(): Promise<readonly MountedVolume[]>
  /**
   * Resolves when the volume can be used. When it rejects, also by `signal`, nothing is left mounted and a mount point it made is
   * gone. @throws AppError `mounter-missing`, `permission-denied`, `already-mounted` {mountPoint}, `mount-point-missing`,
   * `mount-point-not-empty`, `mount-point-in-use`, `mount-refused` {mountPoint, reason}, `mount-unreachable`, `mount-unauthorized`,
   * `mount-cancelled`, `mount-timeout` {timeoutMs}, `cancelled`.
   */
  mount(request: MountRequest): Promise<void>
  /**
   * Unmounts, and removes a mount point in the app's own folder. Without `force` open files keep it (`unmount-busy`) and written data is
   * waited for; with it unsaved data of programs is lost.
   * @throws AppError `not-mounted`, `unmount-busy`, `unmount-failed` {mountPoint, reason}, `command-timeout`, `cancelled`.
   */
  unmount(mountPoint: string, options: UnmountOptions): Promise<void>
  /** Shows the volume in the file manager. @throws AppError `command-missing`, `command-failed`. */
  reveal(mountPoint: string): Promise<void>
}

/** What differs between the systems. `Volumes` adds what they share: the mount point's life, and the mount table as the judge. */
export interface VolumeDriver extends Pick<Volumes, 'kind' | 'available' | 'list' | 'reveal'> {
  /** How long after its mount command was ended a volume may still appear. */
  readonly lateMountMs: number
  /** True for a volume this driver can have mounted; others are never unmounted. */
  owns(volume: MountedVolume): boolean
  /** Runs the system's mount command; `request.mountPoint` exists, is empty and has no symbolic links in it. */
  attach(request: MountRequest): Promise<void>
  /** Runs the system's unmount commands. May resolve with the volume still there: the mount table is asked afterwards. */
  detach(volume: MountedVolume, options: UnmountOptions): Promise<DetachResult>
}

/** What the last command said, for the case that the volume is still there. */
export interface DetachResult {
  readonly busy: boolean
  readonly reason: string
}
