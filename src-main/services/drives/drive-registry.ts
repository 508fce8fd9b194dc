import { realpath, stat } from 'node:fs/promises'
import { resolve } from 'node:path'

import { AppError } from '../../shared/errors.ts'
import type { WriteMode } from '../../shared/front-protocol.ts'
import type { Drive, DriveDirs, FileSystem, SandboxDrive } from './drive.ts'
import { matchDrive, unknownDrive } from './find-drive.ts'
import { makeIdentity, nameForFolder, uniqueName } from './new-drive.ts'
import type { DriveIdentity } from './new-drive.ts'
import type { DriveList } from './ports.ts'
import { canonicalFolder } from './sandbox-source.ts'

/** What a user may choose about a drive; what is absent stays as it is. */
export interface DriveChoices {
  readonly name?: string | undefined
  readonly mountPoint?: string | undefined
  readonly readOnly?: boolean | undefined
  readonly writeMode?: WriteMode | undefined
  /** The app mounts it when it starts. */
  readonly autoMount?: boolean | undefined
  /** What was read may take that much of this machine's disk; 0 keeps nothing. */
  readonly contentCacheBytes?: number | undefined
  /** Saves that are not delivered yet may take that much. */
  readonly spoolMaxBytes?: number | undefined
}

/** The list of drives: what is wanted, never what runs. */
export interface DriveRegistry {
  list(): Promise<readonly Drive[]>
  /** @throws AppError `drive-unknown` {name, suggestion?}, `drive-ambiguous`. */
  find(text: string): Promise<Drive>
  /**
   * The drive that `text` means, as it is; or else a new one for the folder `text`, with `choices`.
   * @throws AppError `drive-unknown`, `drive-ambiguous`, `source-missing`, `source-not-a-folder`.
   */
  findOrAdd(text: string, choices: DriveChoices): Promise<Drive>
  /** The drive of this folder: the one that is there already, as it is, or a new one. @throws as `findOrAdd`. */
  addFolder(dir: string, choices: DriveChoices): Promise<SandboxDrive>
  /** A new drive, also where another one shows the same file system. @throws AppError `name-invalid`. */
  addFileSystem(fileSystem: FileSystem, choices: DriveChoices): Promise<Drive>
  /** Where the volume goes and what it is called counts from the next mount on. @throws AppError `name-invalid`, `drive-unknown`. */
  change(driveId: string, choices: DriveChoices): Promise<Drive>
  /** Keeps the port that a front found after the drive's own was taken. */
  setPort(driveId: string, port: number): Promise<Drive>
  /** Takes the drive off the list; files and Finder's data for them stay. */
  remove(driveId: string): Promise<void>
}

export interface DriveRegistryDeps {
  readonly drives: DriveList
  readonly dirs: DriveDirs
  readonly makeIdentity?: () => Promise<DriveIdentity>
}

export function createDriveRegistry(deps: DriveRegistryDeps): DriveRegistry {
  const { drives, dirs } = deps
  const newIdentity = deps.makeIdentity ?? makeIdentity

  const change = async (driveId: string, choices: DriveChoices): Promise<Drive> => {
    const after = await drives.update((all) =>
      all.map((drive) => (drive.id === driveId ? withChoices(drive, choices, all) : drive)),
    )
    return byId(after, driveId)
  }

  const addFolder = async (dir: string, choices: DriveChoices): Promise<SandboxDrive> => {
    const sourceDir = await canonicalFolder(dir)
    const identity = await newIdentity()
    // Two commands may add the same folder at once: whoever writes second takes the drive of the first.
    const after = await drives.update((all) =>
      all.some(isOfFolder(sourceDir)) ? all : [...all, newSandbox(sourceDir, identity, choices, all)],
    )
    const added = after.find(isOfFolder(sourceDir))
    if (added === undefined) throw new AppError('drive-unknown', { name: sourceDir })
    return added
  }

  const addFileSystem = async (fileSystem: FileSystem, choices: DriveChoices): Promise<Drive> => {
    const identity = await newIdentity()
    const after = await drives.update((all) => [...all, newS3Files(fileSystem, identity, choices, all)])
    return byId(after, identity.id)
  }

  return {
    list: () => drives.read(),
    find: async (text) => {
      const all = await drives.read()
      const found = matchDrive(text, await canonicalPath(text), all, dirs)
      if (found === undefined) throw unknownDrive(text, all)
      return found
    },
    findOrAdd: async (text, choices) => {
      const all = await drives.read()
      const found = matchDrive(text, await canonicalPath(text), all, dirs)
      if (found !== undefined) return found
      if (!text.includes('/') && !(await exists(text))) throw unknownDrive(text, all)
      return await addFolder(text, choices)
    },
    addFolder,
    addFileSystem,
    change,
    setPort: async (driveId, port) => {
      const after = await drives.update((all) =>
        all.map((drive) => (drive.id === driveId ? { ...drive, port } : drive)),
      )
      return byId(after, driveId)
    },
    remove: async (driveId) => {
      await drives.update((all) => all.filter(({ id }) => id !== driveId))
    },
  }
}

function isOfFolder(sourceDir: string): (drive: Drive) => drive is SandboxDrive {
  return (drive): drive is SandboxDrive => drive.kind === 'sandbox' && drive.sourceDir === sourceDir
}

function newSandbox(
  sourceDir: string,
  identity: DriveIdentity,
  choices: DriveChoices,
  all: readonly Drive[],
): Drive {
  const settings = newDriveSettings(nameForFolder(sourceDir), choices, all)
  return { ...identity, ...settings, kind: 'sandbox', sourceDir }
}

function newS3Files(
  fileSystem: FileSystem,
  identity: DriveIdentity,
  choices: DriveChoices,
  all: readonly Drive[],
): Drive {
  return {
    ...identity,
    ...newDriveSettings(fileSystem.fileSystemId, choices, all),
    kind: 's3files',
    fileSystem,
  }
}

function newDriveSettings(
  defaultName: string,
  { name = defaultName, readOnly = false, writeMode = 'queued', ...others }: DriveChoices,
  all: readonly Drive[],
): DriveOptions & Pick<Drive, 'name' | 'readOnly' | 'writeMode'> {
  return { ...optionsFrom(others), name: uniqueName(checkedName(name), all), readOnly, writeMode }
}

/** What a drive can be without. */
type DriveOptions = Pick<Drive, 'mountPoint' | 'autoMount' | 'contentCacheBytes' | 'spoolMaxBytes'>

function optionsFrom({
  mountPoint,
  autoMount,
  contentCacheBytes,
  spoolMaxBytes,
}: DriveChoices): DriveOptions {
  return {
    ...(mountPoint === undefined ? {} : { mountPoint: resolve(mountPoint) }),
    ...(autoMount === undefined ? {} : { autoMount }),
    ...(contentCacheBytes === undefined ? {} : { contentCacheBytes }),
    ...(spoolMaxBytes === undefined ? {} : { spoolMaxBytes }),
  }
}

function withChoices(drive: Drive, choices: DriveChoices, all: readonly Drive[]): Drive {
  const others = all.filter(({ id }) => id !== drive.id)
  return {
    ...drive,
    ...(choices.name === undefined ? {} : { name: uniqueName(checkedName(choices.name), others) }),
    ...optionsFrom(choices),
    ...(choices.readOnly === undefined ? {} : { readOnly: choices.readOnly }),
    ...(choices.writeMode === undefined ? {} : { writeMode: choices.writeMode }),
  }
}

/** A drive's name is also the name of its default mount point. */
function checkedName(name: string): string {
  const trimmed = name.trim().normalize('NFC')
  if (trimmed === '' || trimmed === '.' || trimmed === '..' || /[/\0]/.test(trimmed)) {
    throw new AppError('name-invalid', { name })
  }
  if (Buffer.byteLength(trimmed) > 200) throw new AppError('name-too-long', { name, maxBytes: 200 })
  return trimmed
}

function byId(drives: readonly Drive[], driveId: string): Drive {
  const found = drives.find(({ id }) => id === driveId)
  if (found === undefined) throw new AppError('drive-unknown', { name: driveId })
  return found
}

/**
 * Absolute, with links resolved where it exists. A mount point is never resolved by touching it: its parent is,
 * because a volume whose server is gone blocks whoever looks at it.
 */
async function canonicalPath(text: string): Promise<string> {
  const path = resolve(text)
  try {
    return resolve(await realpath(resolve(path, '..')), path.slice(path.lastIndexOf('/') + 1))
  } catch {
    return path
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}
