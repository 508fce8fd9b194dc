import type { WaysIn } from '../../../src-main/shared/app/answers.ts'
import type { CommandInput } from '../../../src-main/shared/app/commands.ts'
import { awsPatterns } from '../../../src-main/shared/aws-patterns.ts'

export type NewFileSystem = CommandInput<'drive.add-file-system'>['fileSystem']

/** A drive on S3 Files as it is typed. */
export interface FileSystemDraft {
  /** Empty for the default credentials. */
  readonly profile: string
  readonly region: string
  readonly fileSystemId: string
  readonly host: string
  readonly port: string
  readonly accessPointId: string
  readonly remotePath: string
  /** Empty until somebody types one: then the suggestion counts. */
  readonly name: string
}

export const emptyDraft: FileSystemDraft = {
  profile: '',
  region: '',
  fileSystemId: '',
  host: '',
  port: '2049',
  accessPointId: '',
  remotePath: '/',
  name: '',
}

export type FileSystemProblems = Partial<Record<keyof FileSystemDraft, string>>

export function problemsOf(draft: FileSystemDraft): FileSystemProblems {
  const port = Number(draft.port)
  return {
    ...(awsPatterns.region.test(draft.region) ? {} : { region: 'Give a region, such as eu-central-1.' }),
    ...(awsPatterns.fileSystemId.test(draft.fileSystemId)
      ? {}
      : { fileSystemId: 'Choose one, or type its id: fs- and digits.' }),
    ...(draft.host === '' ? { host: 'Choose how to reach it, or type a host name.' } : {}),
    ...(Number.isInteger(port) && port >= 1 && port <= 65_535
      ? {}
      : { port: 'A port is a number up to 65535.' }),
    ...(draft.accessPointId === '' || awsPatterns.accessPointId.test(draft.accessPointId)
      ? {}
      : { accessPointId: 'Its id begins with fsap-.' }),
    ...(draft.remotePath.startsWith('/') ? {} : { remotePath: 'Begin with a slash.' }),
    ...(draft.profile.length > 256 ? { profile: 'No profile has a name as long as that.' } : {}),
    ...(draft.name.trim().length > 200 ? { name: 'That is too long for a name.' } : {}),
  }
}

/**
 * Call it only for a draft without problems.
 * @param waysIn those that were found, one of which may lead through an instance.
 */
export function fileSystemOf(draft: FileSystemDraft, suggestedName: string, waysIn?: WaysIn): NewFileSystem {
  const { profile, region, fileSystemId, host, port, accessPointId, remotePath, name } = draft
  const chosen = waysIn?.servers.find((server) => server.host === host && String(server.port) === port)
  const throughInstanceId = chosen?.throughInstanceId
  return {
    name: name.trim() === '' ? suggestedName : name.trim(),
    ...(profile === '' ? {} : { profile }),
    region,
    fileSystemId,
    ...(accessPointId === '' ? {} : { accessPointId }),
    remotePath,
    server: { host, port: Number(port) },
    ...(throughInstanceId === undefined ? {} : { throughInstanceId }),
  }
}

/** What AWS can be asked for the list of file systems with; nothing before the region is whole. */
export function fileSystemsQuery({
  profile,
  region,
}: FileSystemDraft): CommandInput<'lookup.file-systems'> | undefined {
  if (!awsPatterns.region.test(region)) return undefined
  return profile === '' ? { region } : { profile, region }
}

/** The same for the ways in; nothing before the file system is known too. */
export function waysInQuery(draft: FileSystemDraft): CommandInput<'lookup.ways-in'> | undefined {
  const query = fileSystemsQuery(draft)
  if (query === undefined || !awsPatterns.fileSystemId.test(draft.fileSystemId)) return undefined
  return { ...query, fileSystemId: draft.fileSystemId }
}
