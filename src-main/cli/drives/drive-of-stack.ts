import { resolve } from 'node:path'

import type { Stacks } from '../../composition/stacks/open-stacks.ts'
import type { DriveChoices, DriveRegistry } from '../../services/drives/drive-registry.ts'
import type { Drive, FileSystem } from '../../services/drives/drive.ts'
import { fileSystemOfStack } from '../../services/stacks/connect/file-system-of-stack.ts'

export interface StackOptions {
  readonly stack?: string
  readonly profile?: string
  readonly region?: string
  /** File of the authority that a simulated mount target's certificate is from. */
  readonly ca?: string
}

/**
 * The drive that shows a stack's file system in the way the stack is made for; it is added when there is none, with the stack's name.
 * @throws AppError `stack-unknown`, `stack-foreign`, `stack-outputs-missing`.
 */
export async function driveOfStack(
  name: string,
  { profile, region, ca }: StackOptions,
  choices: DriveChoices,
  {
    stacks,
    registry,
  }: { readonly stacks: Pick<Stacks, 'deployments' | 'targetOf'>; readonly registry: DriveRegistry },
  signal: AbortSignal,
): Promise<{ readonly drive: Drive; readonly isNew: boolean }> {
  const target = await stacks.targetOf({
    ...(profile !== undefined && { profile }),
    ...(region !== undefined && { region }),
  })
  const fileSystem: FileSystem = {
    ...fileSystemOfStack(await stacks.deployments.find(target, name, signal)),
    ...(ca !== undefined && { caPath: resolve(ca) }),
  }
  const known = (await registry.list()).find((drive) => shows(drive, fileSystem))
  if (known !== undefined) return { drive: known, isNew: false }
  return { drive: await registry.addFileSystem(fileSystem, { name, ...choices }), isNew: true }
}

/** One whose access point or address the stack has replaced is another drive, which no longer works. */
function shows(drive: Drive, { fileSystemId, accessPointId, server }: FileSystem): boolean {
  if (drive.kind !== 's3files') return false
  const { fileSystem } = drive
  return (
    fileSystem.fileSystemId === fileSystemId &&
    fileSystem.accessPointId === accessPointId &&
    fileSystem.server.host === server.host &&
    fileSystem.server.port === server.port
  )
}
