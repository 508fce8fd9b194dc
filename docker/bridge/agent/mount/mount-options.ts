import { bridgePorts } from '../../api/ports.ts'
import type { AgentStart } from '../../api/start.ts'

/** What to mount, and how. */
export interface MountPlan {
  readonly source: string
  readonly dir: string
  readonly options: string
}

/** The options AWS's own mount helper uses for S3 Files, in its order. */
const s3FilesOptions = [
  'nfsvers=4.2',
  'rsize=1048576',
  'wsize=1048576',
  'hard',
  'timeo=600',
  'retrans=2',
  'noresvport',
] as const

/** mount.nfs4 would go on trying for two minutes and then tell only its last failure; we try again ourselves. */
const noRetries = 'retry=0'

export function mountPlan(
  {
    nfs,
    remotePath,
    readOnly,
    mountOptions,
  }: Pick<AgentStart, 'nfs' | 'remotePath' | 'readOnly' | 'mountOptions'>,
  dir: string,
): MountPlan {
  const host = nfs?.host ?? '127.0.0.1'
  const options = [
    ...s3FilesOptions,
    `port=${nfs?.port ?? bridgePorts.nfs}`,
    noRetries,
    readOnly ? 'ro' : 'rw',
  ]
  return {
    source: `${host.includes(':') ? `[${host}]` : host}:${remotePath}`,
    dir,
    options: [...options, ...mountOptions].join(','),
  }
}

/** Arguments of mount.nfs4. */
export function mountArgs({ source, dir, options }: MountPlan): readonly string[] {
  return [source, dir, '-o', options]
}
