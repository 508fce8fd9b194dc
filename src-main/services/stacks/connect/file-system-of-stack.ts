import { AppError } from '../../../shared/errors.ts'
import type { StackView } from '../stack.ts'
import { nfsPort } from './find-ways-in.ts'

/** What a drive has to know to open the file system of a stack. */
export interface StackFileSystem {
  readonly fileSystemId: string
  readonly region: string
  readonly profile: string
  readonly accessPointId: string
  /** All that the access point shows. */
  readonly remotePath: '/'
  readonly server: { readonly host: string; readonly port: number }
  /** With the way in `ssm`: which instance forwards to `server`. */
  readonly throughInstanceId?: string
}

/** @throws AppError `stack-outputs-missing` of a stack that is not complete, or never will be. */
export function fileSystemOfStack({ name, status, profile, outputs }: StackView): StackFileSystem {
  if (outputs === undefined || isGoing(status)) throw new AppError('stack-outputs-missing', { name, status })
  const { fileSystemId, region, accessPointId, endpoint } = outputs
  return {
    fileSystemId,
    region,
    profile,
    accessPointId,
    remotePath: '/',
    server: { host: endpoint, port: nfsPort },
    ...(outputs.wayIn === 'ssm' && { throughInstanceId: outputs.instanceId }),
  }
}

/** Its outputs are still told while it is being removed. */
function isGoing(status: string): boolean {
  return status.startsWith('DELETE_')
}
