import type { AccessPointFacts } from '../aws/s3files.ts'

/**
 * Whether the user of an access point may make files in its folder. `unknown` where a folder that is not the root may have been there before: then
 * what the access point says about making it never counted.
 */
export function mayWrite({ user, folder, creation }: Pick<AccessPointFacts, 'user' | 'folder' | 'creation'>) {
  // Without a user it is up to who mounts, and whether they may act as root.
  if (user === undefined) return 'unknown'
  if (user.uid === 0) return 'yes'
  // The root of a file system belongs to root, with mode 0755, whatever an access point says.
  if (folder === '/') return 'no'
  if (creation === undefined) return 'unknown'
  return mayWriteIn(creation, user) ? 'yes' : 'no'
}

/** Making a file takes the rights to write and to go through. */
const needed = 0o3

function mayWriteIn(
  { ownerUid, ownerGid, permissions }: NonNullable<AccessPointFacts['creation']>,
  { uid, gid }: NonNullable<AccessPointFacts['user']>,
): boolean {
  const mode = Number.parseInt(permissions, 8)
  const shift = ownerUid === uid ? 6 : ownerGid === gid ? 3 : 0
  return ((mode >> shift) & needed) === needed
}
