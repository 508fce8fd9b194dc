import { namesOf, rootPath, type VfsPath } from '../path.ts'

/** What macOS and Finder keep for themselves on any volume they can write to. */
const finderNames: ReadonlySet<string> = new Set([
  '.DS_Store',
  '.TemporaryItems',
  '.Trashes',
  '.fseventsd',
  '.Spotlight-V100',
  '.apdisk',
  '.VolumeIcon.icns',
])

/** Asked for by macOS in every folder or at the root, and hardly ever there. */
const probedAnywhere: ReadonlySet<string> = new Set(['.localized'])
const probedAtRoot: ReadonlySet<string> = new Set([
  '.hidden',
  'mach_kernel',
  'Backups.backupdb',
  '.metadata_never_index_unless_rootfs',
  '.ql_disablecache',
])

/** Their presence alone tells Spotlight and Quick Look to leave the volume's content alone. */
const virtualNames: ReadonlySet<string> = new Set(['.metadata_never_index', '.ql_disablethumbnails'])

/**
 * True for names that belong to Finder: `._x` (the extended attributes of `x`), `.DS_Store` and their like. They live on the
 * Mac; what a backend has by such a name is not shown. A directory that holds nothing else counts as empty.
 */
export function isFinderName(name: string): boolean {
  // Listings ask this for every entry, and hardly any begins so.
  return name.startsWith('.') && (name.startsWith('._') || finderNames.has(name))
}

/** True when `path` or a directory above it has a Finder name, so that the backend has no part in it. */
export function isFinderPath(path: VfsPath): boolean {
  return path.includes('/.') && namesOf(path).some(isFinderName)
}

export function isVirtualPath(path: VfsPath): boolean {
  return path.startsWith('/.') && virtualNames.has(path.slice(1))
}

/** True for what a listing of the backend's `directory` must not show: something on the Mac goes by that name. */
export function isHidden(directory: VfsPath, name: string): boolean {
  return isFinderName(name) || (directory === rootPath && virtualNames.has(name))
}

/** True for what macOS looks for without expecting it: its absence may be claimed without asking. */
export function isProbe(directory: VfsPath, name: string): boolean {
  return probedAnywhere.has(name) || (directory === rootPath && probedAtRoot.has(name))
}

/** The name of the file that holds the extended attributes of `name`; undefined where that one can have none. */
export function companionOf(name: string): string | undefined {
  return isFinderName(name) ? undefined : `._${name}`
}
