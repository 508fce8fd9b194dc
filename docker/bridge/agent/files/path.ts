import { BridgeError } from '../../lib/bridge-error.ts'

declare const checked: unique symbol

/**
 * A path below the root, checked: `''` for the root, else components joined by single slashes, none of them empty, `.` or `..`, none
 * longer than a file system takes. Only `parseTreePath` makes one from foreign text.
 */
export type TreePath = string & { readonly [checked]: true }

export const rootPath = '' as TreePath

const maxComponentBytes = 255
/** `PATH_MAX` without its final NUL. Longer ones, with the root before them, are refused by the system. */
const maxPathBytes = 4_095

/** @throws BridgeError `bad-request`, or `name-too-long`. */
export function parseTreePath(text: string): TreePath {
  if (text === '') return rootPath
  if (text.includes('\0')) throw new BridgeError('bad-request', { reason: 'NUL in a path' })
  for (const component of text.split('/')) {
    if (component === '' || component === '.' || component === '..') {
      throw new BridgeError('bad-request', { reason: 'empty or dotted component in a path' })
    }
    if (Buffer.byteLength(component) > maxComponentBytes)
      throw new BridgeError('name-too-long', { path: text })
  }
  if (Buffer.byteLength(text) > maxPathBytes) throw new BridgeError('name-too-long', { path: text })
  return text as TreePath
}

/** The directory of `path`; the root's is the root. */
export function parentOf(path: TreePath): TreePath {
  return path.slice(0, Math.max(0, path.lastIndexOf('/'))) as TreePath
}

/** The last component; empty for the root. */
export function nameOf(path: TreePath): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** True for `dir` itself, too. */
export function isWithin(path: TreePath, dir: TreePath): boolean {
  return dir === rootPath || path === dir || path.startsWith(`${dir}/`)
}
