import { AppError } from '../../shared/errors.ts'

declare const vfsPathBrand: unique symbol

/**
 * A path in the tree of one drive: `/` or `/a/b`, decoded, no trailing slash, no empty, `.` or `..` component, no NUL.
 * Only `parsePath`, `joinPath` and `parentOf` make one, so whoever holds one need not check it again.
 */
export type VfsPath = string & { readonly [vfsPathBrand]: true }

export const rootPath = '/' as VfsPath

/** S3 Files and macOS agree on it: one component holds at most 255 bytes of UTF-8. */
export const maxNameBytes = 255

/**
 * The one gate for paths that come from outside. `text` is already percent-decoded.
 * @throws AppError `name-invalid` (NUL, `.`, `..`, lone surrogates) or `name-too-long`.
 */
export function parsePath(text: string): VfsPath {
  const names = text.split('/').filter((name) => name !== '')
  for (const name of names) checkName(name)
  return `/${names.join('/')}` as VfsPath
}

/** `name` below `directory`. @throws as `parsePath`. */
export function joinPath(directory: VfsPath, name: string): VfsPath {
  if (name === '' || name.includes('/')) throw new AppError('name-invalid', { name })
  checkName(name)
  return (directory === '/' ? `/${name}` : `${directory}/${name}`) as VfsPath
}

/** The directory that holds `path`; the root is its own parent. */
export function parentOf(path: VfsPath): VfsPath {
  return path.slice(0, Math.max(1, path.lastIndexOf('/'))) as VfsPath
}

/** The last component; empty for the root. */
export function nameOf(path: VfsPath): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The components from the root down; none for the root. */
export function namesOf(path: VfsPath): readonly string[] {
  return path === '/' ? [] : path.slice(1).split('/')
}

/** True when `path` is `ancestor` or lies below it. */
export function isWithin(path: VfsPath, ancestor: VfsPath): boolean {
  return ancestor === '/' || path === ancestor || path.startsWith(`${ancestor}/`)
}

/** `path` with its leading `from` replaced by `to`; `path` must lie within `from`. */
export function rebase(path: VfsPath, from: VfsPath, to: VfsPath): VfsPath {
  const rest = from === '/' ? path : path.slice(from.length)
  return (rest === '' || rest === '/' ? to : to === '/' ? rest : `${to}${rest}`) as VfsPath
}

function checkName(name: string): void {
  if (name === '.' || name === '..' || name.includes('\0') || !name.isWellFormed()) {
    throw new AppError('name-invalid', { name })
  }
  // A UTF-16 unit is at most 3 bytes of UTF-8, so short names need no encoding to be known short.
  if (name.length * 3 > maxNameBytes && Buffer.byteLength(name) > maxNameBytes) {
    throw new AppError('name-too-long', { name, maxBytes: maxNameBytes })
  }
}
