import { AppError } from '../../../shared/errors.ts'
import type { StackEvent } from '../aws/stack-facts.ts'
import { isStackEvent } from './operation.ts'
import { wordsFor } from './resource-words.ts'

/** What the file system said of itself, when somebody asked. */
export interface FileSystemTrouble {
  readonly fileSystemId: string
  readonly reason: string
}

/** Not causes: CloudFormation gave up on the rest because of another. */
const knockOn = /^Resource (creation|update|deletion) cancelled/i

/**
 * Why an operation failed, from its events: the first resource that failed for a reason of its own.
 * @param trouble the file system's own words, which say more than that nobody waited any longer for it.
 */
export function explainFailure(
  events: readonly StackEvent[],
  stackStatusReason: string,
  trouble?: FileSystemTrouble,
): AppError {
  const failed = ownFailure(events)
  if (trouble !== undefined && (failed === undefined || ofFileSystem.includes(failed.logicalId)))
    return new AppError('stack-role-failed', { fileSystem: trouble.fileSystemId, reason: trouble.reason })
  if (failed === undefined)
    return stackStatusReason === ''
      ? new AppError('stack-failed')
      : new AppError('stack-failed', { reason: plain(stackStatusReason) })
  return causeOf(failed)
}

/** The first resource that failed, and not because of another. */
export function ownFailure(events: readonly StackEvent[]): StackEvent | undefined {
  return events.find(
    (event) => !isStackEvent(event) && event.status.endsWith('_FAILED') && !knockOn.test(event.reason),
  )
}

/** What depends on the file system's coming up. */
const ofFileSystem = ['FileSystem', 'AccessPoint', 'MountTarget', 'FileSystemPolicy']

const quota =
  /limit ?exceeded|exceeds? the (?:maximum|limit|quota)|quota|maximum number of|too ?many|limit .*has been reached/i
const byOrganization = /service control policy|resource control policy/i
const denied =
  /not authorized to perform|AccessDenied|Access Denied|UnauthorizedOperation|UnauthorizedTaggingOperation|no identity-based policy/i
const taken =
  /already exists|AlreadyExists|AlreadyOwnedByYou|already in use|requested bucket name is not available/i
const role =
  /cannot assume|could not assume|unable to assume|assume the (?:provided |specified )?role|role .*(?:permission|trust|access)/i

function causeOf({ logicalId, type, physicalId, reason }: StackEvent): AppError {
  const resource = wordsFor(logicalId)
  const said = plain(reason)
  const cause = new Error(`${type} ${logicalId}: ${reason}`)
  const [, action] = /to perform:? ([a-z0-9-]+:\w+)/i.exec(reason) ?? []
  const what = { resource, ...(action !== undefined && { action }) }
  if (byOrganization.test(reason)) return new AppError('stack-blocked', what, { cause })
  // Before permissions: the role that lacks them is not the caller's.
  if (logicalId === 'FileSystem' && role.test(reason) && !reason.includes('iam:PassRole'))
    return new AppError(
      'stack-role-failed',
      { fileSystem: fileSystemIdIn(physicalId), reason: said },
      { cause },
    )
  if (denied.test(reason)) return new AppError('stack-denied', what, { cause })
  if (taken.test(reason))
    return new AppError('stack-name-taken', { resource, ...nameIn(reason, physicalId) }, { cause })
  if (quota.test(reason)) return new AppError('stack-quota', { resource, reason: said }, { cause })
  return new AppError('stack-failed', { resource, reason: said }, { cause })
}

/** Without what only AWS's support can make use of. */
function plain(reason: string): string {
  const [, said = reason] =
    /^Resource handler returned message: "(.*)" \(RequestToken: .*\)$/s.exec(reason) ?? []
  return said.replace(/ ?\((?:Service|Request ID|SDK Attempt Count)[^)]*\)/g, '').trim()
}

function nameIn(reason: string, physicalId: string): { readonly name?: string } {
  const [, quoted] = /["'“]?([A-Za-z0-9][\w.-]+)["'”]? already exists/.exec(reason) ?? []
  const name = physicalId !== '' && !physicalId.startsWith('arn:') ? physicalId : quoted
  return name === undefined ? {} : { name }
}

/** CloudFormation's id of a file system may be its ARN. */
export function fileSystemIdIn(physicalId: string): string {
  return /fs-[0-9a-f]+/.exec(physicalId)?.[0] ?? ''
}
