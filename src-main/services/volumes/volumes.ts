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

/**
 * The OS mounts of WebDAV URLs. What is mounted is what the mount table says; a mounted path is never touched to find
 * out, because a volume whose server is gone blocks whoever touches it.
 */
export interface Volumes {
  readonly kind: 'webdavfs' | 'davfs2'
  /** Why this machine cannot mount; nothing when it can: `mounter-missing` {program, package?} or `permission-denied` {needed}. */
  available(): Promise<AppError | undefined>
  /** Every mounted file system, ours and others'. @throws AppError `command-failed`, `command-timeout`. */
  list(): Promise<readonly MountedVolume[]>
  /**
   * Resolves when the volume can be used. When it rejects, also by `signal`, nothing is left mounted and a mount point it made is
   * gone. @throws AppError `mounter-missing`, `mount-point-missing`, `mount-point-not-empty`, `mount-point-in-use`, `mount-refused`,
   * `mount-unreachable`, `mount-unauthorized`, `mount-cancelled`, `mount-timeout`, `cancelled`.
   */
  mount(request: MountRequest): Promise<void>
  /**
   * Unmounts and removes the empty mount point. Without `force` open files keep it (`unmount-busy`) and written data is waited for;
   * with it unsaved data of programs is lost. @throws AppError `not-mounted`, `unmount-busy`, `unmount-failed`, `command-timeout`, `cancelled`.
   */
  unmount(
    mountPoint: string,
    options: { readonly force: boolean; readonly signal?: AbortSignal },
  ): Promise<void>
  /** Shows the volume in the file manager. @throws AppError `command-missing`, `command-failed`. */
  reveal(mountPoint: string): Promise<void>
}
