import type { Clock } from '../../lib/clock.ts'
import { AppError } from '../../shared/errors.ts'
import type { AppParts } from '../parts.ts'
import type { AppDrive } from './app-drive.ts'

export interface LetInParts extends Pick<AppParts, 'letIn'> {
  readonly clock: Clock
  readonly ending: AbortSignal
}

/** CloudFormation takes a minute or two for a rule. */
const limitMs = 10 * 60_000

/**
 * Lets this machine's address in to the drive's load balancer, and has the drive try again. Resolves when it is let in.
 * @throws AppError `access-not-changeable`, `stack-timeout`, or what AWS says.
 */
export async function letDriveIn(appDrive: AppDrive, { letIn, clock, ending }: LetInParts): Promise<void> {
  const { drive } = appDrive
  if (drive.kind !== 's3files') {
    const reason = 'it is a folder of this Mac'
    throw new AppError('access-not-changeable', { name: drive.name, reason })
  }
  const limit = new AbortController()
  using _timer = clock.setTimeout(() => limit.abort(new AppError('stack-timeout')), limitMs)
  await letIn(drive, AbortSignal.any([ending, limit.signal]))
  // One that runs connects by itself, and now sooner.
  if (appDrive.kept !== undefined) appDrive.kept.wake()
  // What it comes to is the drive's state.
  else if (appDrive.state.kind !== 'mounted') void appDrive.mount('person')
}
