import { compareKeys, folderOfKey, justBefore, keyOf } from './object-key.ts'
import type { DeliveredFile } from './file-on-its-way.ts'

/** A listing costs as much as twelve questions for one object, but only one of the few requests that may be made. */
const worthListing = 8

export interface AwaitedObject {
  readonly file: DeliveredFile
  readonly key: string
}

export type LookRequest =
  | { readonly kind: 'head'; readonly awaited: AwaitedObject }
  | {
      readonly kind: 'list'
      readonly prefix: string
      readonly after: string
      /** Those of the folder, in S3's order. */
      readonly awaited: readonly AwaitedObject[]
    }

/**
 * What to ask next: for the file that has been due longest, or for all of its folder when many of it are due.
 * @param due the longest due first. @returns nothing when none is.
 */
export function planRequest(
  due: readonly DeliveredFile[],
  keyPrefix: string,
  mayList: boolean,
): LookRequest | undefined {
  const [first, ...others] = due.map((file) => ({ file, key: keyOf(keyPrefix, file.path) }))
  if (first === undefined) return undefined
  const prefix = folderOfKey(first.key)
  const beside = others.filter(({ key }) => folderOfKey(key) === prefix)
  if (!mayList || beside.length + 1 < worthListing) return { kind: 'head', awaited: first }
  const awaited = [first, ...beside].sort((one, other) => compareKeys(one.key, other.key))
  return { kind: 'list', prefix, after: justBefore(awaited[0]?.key ?? first.key), awaited }
}
