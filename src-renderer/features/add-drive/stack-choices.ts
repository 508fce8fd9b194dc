import type { CommandInput } from '../../../src-main/shared/app/commands.ts'
import type { StackChoice } from '../../../src-main/shared/app/stacks.ts'
import type { Choice } from '../../components/choice-list.tsx'
import { wayInNameOf } from '../stacks/stack-text.ts'

export type StackFileSystem = NonNullable<StackChoice['fileSystem']>

/** What can be mounted comes first; the rest is shown, so that nobody looks for it elsewhere. */
export function stackChoices(found: readonly StackChoice[]): readonly Choice[] {
  const rank = ({ fileSystem }: StackChoice): number => (fileSystem === undefined ? 1 : 0)
  return found
    .toSorted((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name))
    .map(({ name, status, wayIn, fileSystem }) => ({
      value: name,
      label: name,
      disabled: fileSystem === undefined,
      detail:
        fileSystem === undefined
          ? `Not ready: ${status}`
          : `${fileSystem.bucket}/${fileSystem.prefix} · ${wayInNameOf(wayIn)}`,
    }))
}

/** A drive of all that a stack serves. */
export function driveOfStack(
  where: { readonly profile: string | undefined; readonly region: string },
  { fileSystemId, accessPointId, server, throughInstanceId }: StackFileSystem,
  name: string,
): CommandInput<'drive.add-file-system'>['fileSystem'] {
  const { profile, region } = where
  return {
    name,
    ...(profile === undefined ? {} : { profile }),
    region,
    fileSystemId,
    accessPointId,
    server,
    ...(throughInstanceId === undefined ? {} : { throughInstanceId }),
  }
}

/** What the drive of a stack is called where nobody says otherwise: as the folder of the bucket, or as the bucket. */
export function driveNameOf({ bucket, prefix }: StackFileSystem): string {
  // A folder's name may be longer than a drive's.
  return (prefix.split('/').filter(Boolean).at(-1) ?? bucket).slice(0, 200)
}
