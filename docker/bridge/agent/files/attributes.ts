import type { BigIntStats } from 'node:fs'

import type { FileAttributes, PackedAttributes } from '../../api/files.ts'
import { BridgeError } from '../../lib/bridge-error.ts'

const nsPerMs = 1_000_000n
const idBits = 53n
const idMask = (1n << idBits) - 1n

/** What a drive shows of `stats`; undefined for what it never shows: sockets, FIFOs, devices, and links as such. */
export function attributesFrom(stats: BigIntStats): FileAttributes | undefined {
  const isFile = stats.isFile()
  if (!isFile && !stats.isDirectory()) return undefined
  return {
    kind: isFile ? 'file' : 'directory',
    size: isFile ? Number(stats.size) : 0,
    modifiedMs: msFrom(stats.mtimeNs),
    // File systems that do not keep the time of birth say 0.
    createdMs: msFrom(stats.birthtimeNs > 0n ? stats.birthtimeNs : stats.mtimeNs),
    fileId: fileIdFrom(stats.ino),
  }
}

/** @throws BridgeError `permission-denied` for a special file. */
export function requireAttributes(stats: BigIntStats, path: string): FileAttributes {
  const attributes = attributesFrom(stats)
  if (attributes === undefined) throw new BridgeError('permission-denied', { path })
  return attributes
}

export function pack({ kind, size, modifiedMs, createdMs, fileId }: FileAttributes): PackedAttributes {
  return [kind === 'file' ? 'f' : 'd', size, modifiedMs, createdMs, fileId]
}

/**
 * 64 bits folded into the 53 that a JSON number carries exactly. Rounded, neighbouring ids above 2^53 would be one and the same, and
 * neighbours is what the old and the new file of a replacement tend to be.
 */
function fileIdFrom(inode: bigint): number {
  if (inode <= idMask) return Number(inode)
  return Number((inode & idMask) ^ (inode >> idBits))
}

function msFrom(ns: bigint): number {
  return Number(ns / nsPerMs) + Number(ns % nsPerMs) / Number(nsPerMs)
}
