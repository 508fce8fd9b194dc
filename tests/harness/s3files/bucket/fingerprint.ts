import type { BigIntStats } from 'node:fs'

import type { Metadata } from './bucket.ts'

/** What tells one state of a file from another without reading it. */
export interface Fingerprint {
  readonly kind: 'file' | 'directory'
  readonly inode: bigint
  readonly size: bigint
  readonly modifiedNs: bigint
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

const formatMask = 0o170_000

/** `undefined` for what is neither file nor directory: S3 Files' own form of symlinks is not known. */
export function fingerprintOf(stats: BigIntStats): Fingerprint | undefined {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : undefined
  if (kind === undefined) return undefined
  return {
    kind,
    inode: stats.ino,
    size: stats.size,
    modifiedNs: stats.mtimeNs,
    mode: Number(stats.mode),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
  }
}

export function sameContent(left: Fingerprint, right: Fingerprint): boolean {
  return left.inode === right.inode && left.size === right.size && left.modifiedNs === right.modifiedNs
}

/** Whether nothing happened that S3 Files would export. A directory's own times change with its children and say nothing. */
export function isUnchanged(before: Fingerprint, now: Fingerprint): boolean {
  const sameOwner = before.uid === now.uid && before.gid === now.gid && before.mode === now.mode
  return sameOwner && (now.kind === 'directory' || sameContent(before, now))
}

/** The user metadata in which S3 Files keeps owner and mode. */
export function posixMetadata({ mode, uid, gid }: Fingerprint): Metadata {
  return { 'file-owner': String(uid), 'file-group': String(gid), 'file-permissions': `0${mode.toString(8)}` }
}

export interface PosixAttributes {
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** What an object looks like on the file system: root's, 0644 or 0755, unless its metadata say otherwise. */
export function posixAttributes(metadata: Metadata, kind: Fingerprint['kind']): PosixAttributes {
  const permissions = metadata['file-permissions']
  const mode = permissions === undefined ? (kind === 'file' ? 0o644 : 0o755) : parseInt(permissions, 8)
  return {
    mode: mode & ~formatMask,
    uid: Number(metadata['file-owner'] ?? 0),
    gid: Number(metadata['file-group'] ?? 0),
  }
}
