import type { BridgeErrorBody, BridgeErrorCode } from '../../api/errors.ts'

/** What is known about an attempt to mount that did not work. */
export interface FailedMount {
  /** What mount.nfs4 said. */
  readonly stderr: string
  /** `undefined` when it had to be killed. */
  readonly exitCode: number | undefined
  /** Whether /proc/filesystems has nfs4, after the attempt that made the kernel look for it. */
  readonly kernelHasNfs: boolean
}

/** mount.nfs4's sentences, which are the same for all causes of one errno; the most telling first. */
const sentences: readonly (readonly [pattern: RegExp, code: BridgeErrorCode])[] = [
  [/access denied by server/i, 'access-denied'],
  [/mount point .* does not exist|mount point .* not a directory/i, 'mount-failed'],
  [/No such file or directory|Not a directory/i, 'mount-path-missing'],
  [/Stale (NFS )?file handle/i, 'mount-path-missing'],
  [/Operation not permitted|Permission denied|must be superuser/i, 'mount-not-permitted'],
  [/Connection refused/i, 'server-refused'],
  [/reset by peer|Broken pipe|Input\/output error/i, 'server-closed'],
  [/No route to host|Network is unreachable|Host is (unreachable|down)/i, 'server-unreachable'],
  [/Failed to resolve server|DNS resolution failed|Name or service not known/i, 'server-unresolved'],
  [/timed out/i, 'mount-timeout'],
]

/** These mean a kernel without NFS when it has none, and a server that speaks another version when it has. */
const unsupported =
  /No such device|Protocol not supported|unknown filesystem type|NFS version or transport protocol is not supported/i

const maxWordsChars = 300

/** Why a mount did not come about, in the bridge's words. */
export function explainFailedMount({ stderr, exitCode, kernelHasNfs }: FailedMount): BridgeErrorBody {
  const words = stderr.trim().replaceAll(/\s+/g, ' ').slice(0, maxWordsChars)
  const args = words === '' ? {} : { words }
  if (unsupported.test(stderr)) return { code: kernelHasNfs ? 'mount-failed' : 'kernel-without-nfs', args }
  const known = sentences.find(([pattern]) => pattern.test(stderr))?.[1]
  if (known !== undefined) return { code: known, args }
  if (exitCode === undefined) return { code: 'mount-timeout', args }
  return { code: 'mount-failed', args: { ...args, exitCode } }
}
