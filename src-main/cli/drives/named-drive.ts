import type { DriveChoices, DriveRegistry } from '../../services/drives/drive-registry.ts'
import type { Drive } from '../../services/drives/drive.ts'
import { AppError } from '../../shared/errors.ts'
import { createAskMfaCode } from '../aws/ask-mfa-code.ts'
import type { CommandContext } from '../command-context.ts'
import { checkFirst } from './check-first.ts'
import { driveOfStack } from './drive-of-stack.ts'
import { fileSystemFrom, hasFileSystemOptions, isFileSystemId } from './file-system-options.ts'
import type { FileSystemOptions } from './file-system-options.ts'

export interface NamedDriveOptions extends FileSystemOptions {
  readonly stack?: string
}

/**
 * The drive that was meant; one that is new, and far away, is looked at before it is mounted.
 * @throws AppError `usage`, `check-failed`, or why there is no such drive or stack.
 */
export async function namedDrive(
  text: string | undefined,
  choices: DriveChoices,
  options: NamedDriveOptions,
  context: CommandContext,
): Promise<Drive> {
  const { services, terminal, interrupts } = context
  const { registry } = services.drives
  if ((text === undefined) === (options.stack === undefined)) {
    throw new AppError('usage', {
      reason: 'Name a drive, a folder or a file system, or a stack with --stack',
    })
  }
  const open = () => services.connections(createAskMfaCode(terminal, services.clock))
  const { drive, isNew } =
    options.stack === undefined
      ? await findOrAdd(text ?? '', choices, options, registry)
      : await openStack(options.stack, choices, options, { open, registry, signal: interrupts.signal })
  // A simulated mount target has no AWS behind it that could be asked, unless there is a stack.
  const hasAws =
    drive.kind === 's3files' && (drive.fileSystem.caPath === undefined || options.stack !== undefined)
  if (isNew && hasAws) {
    terminal.note(terminal.dim('Checking what it needs …'))
    using connections = await services.connections()
    await checkFirst(drive, connections, terminal, interrupts.signal)
  }
  return drive
}

interface OpenStackParts {
  readonly open: () => ReturnType<CommandContext['services']['connections']>
  readonly registry: DriveRegistry
  readonly signal: AbortSignal
}

async function openStack(
  name: string,
  choices: DriveChoices,
  { server, accessPoint, folder, ...where }: NamedDriveOptions,
  { open, registry, signal }: OpenStackParts,
): Promise<{ readonly drive: Drive; readonly isNew: boolean }> {
  if ([server, accessPoint, folder].some((value) => value !== undefined)) {
    throw new AppError('usage', { reason: 'A stack says itself how its file system is reached' })
  }
  using connections = await open()
  return await driveOfStack(name, where, choices, { stacks: connections.stacks, registry }, signal)
}

async function findOrAdd(
  text: string,
  choices: DriveChoices,
  options: FileSystemOptions,
  registry: DriveRegistry,
): Promise<{ readonly drive: Drive; readonly isNew: boolean }> {
  if (isFileSystemId(text) && hasFileSystemOptions(options)) {
    return { drive: await registry.addFileSystem(fileSystemFrom(text, options), choices), isNew: true }
  }
  if (hasFileSystemOptions(options)) {
    throw new AppError('usage', {
      reason: `${text} is no file system, so --region and the like mean nothing`,
    })
  }
  return { drive: await registry.findOrAdd(text, choices), isNew: false }
}
