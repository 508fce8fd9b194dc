import { HttpRefusal } from '../refusal.ts'
import { davChild, isDav, readXml } from '../xml/read-xml.ts'
import type { Lock } from './lock-manager.ts'

/** Longer than any editor waits, short enough that the locks of a crashed client go away the same hour. */
const maxTimeoutSec = 3600

/** Reads the body of a LOCK that asks for a new lock. @throws HttpRefusal 400. */
export function readLockInfo(body: string): Pick<Lock, 'scope' | 'ownerXml'> {
  const root = readXml(body)
  const scope = davChild(root, 'lockscope')
  const type = davChild(root, 'locktype')
  if (
    !isDav(root, 'lockinfo') ||
    scope === undefined ||
    type === undefined ||
    davChild(type, 'write') === undefined
  ) {
    throw new HttpRefusal(400)
  }
  const isExclusive = davChild(scope, 'exclusive') !== undefined
  if (!isExclusive && davChild(scope, 'shared') === undefined) throw new HttpRefusal(400)
  return { scope: isExclusive ? 'exclusive' : 'shared', ownerXml: davChild(root, 'owner')?.xml ?? '' }
}

/** RFC 4918 §10.7: a list of wishes in order of preference; `Infinite` and anything unreadable get the longest we give. */
export function readTimeout(header: string | undefined): number {
  const seconds = /^\s*Second-(\d{1,10})/i.exec(header ?? '')?.[1]
  return Math.max(1, Math.min(maxTimeoutSec, Number(seconds ?? maxTimeoutSec)))
}

/** @throws HttpRefusal 400 for a depth that LOCK does not have. */
export function readLockDepth(header: string | undefined): Lock['depth'] {
  const depth = (header ?? 'infinity').toLowerCase()
  if (depth !== '0' && depth !== 'infinity') throw new HttpRefusal(400)
  return depth === '0' ? 0 : 'infinity'
}
