import type { FileSystemChoice, WaysIn } from '../../../src-main/shared/app/answers.ts'
import type { Choice } from '../../components/choice-list.tsx'

/** What can be mounted comes first. */
export function fileSystemChoices(found: readonly FileSystemChoice[]): readonly Choice[] {
  const rank = ({ status }: FileSystemChoice): number => (status === 'available' ? 0 : 1)
  return found
    .toSorted((one, other) => rank(one) - rank(other) || labelOf(one).localeCompare(labelOf(other)))
    .map((choice) => ({ value: choice.fileSystemId, label: labelOf(choice), detail: detailOf(choice) }))
}

function labelOf({ name, bucket, fileSystemId }: FileSystemChoice): string {
  return name ?? (bucket === '' ? fileSystemId : bucket)
}

function detailOf({ bucket, prefix, fileSystemId, status, statusMessage }: FileSystemChoice): string {
  const place = prefix === '' ? bucket : `${bucket}/${prefix}`
  const state =
    status === 'available' ? [] : [statusMessage === undefined ? status : `${status}: ${statusMessage}`]
  return [place, fileSystemId, ...state].join(' · ')
}

export function serverChoices({ servers }: WaysIn): readonly Choice[] {
  return servers.map(({ host, port, label, throughInstanceId }) => ({
    value: serverValue(host, port),
    label,
    detail:
      throughInstanceId === undefined
        ? serverValue(host, port)
        : `${serverValue(host, port)}, through ${throughInstanceId} of Systems Manager`,
  }))
}

export function serverValue(host: string, port: number | string): string {
  return `${host}:${port}`
}

/** The last colon divides: a host may be an IPv6 address. */
export function serverOf(value: string): { readonly host: string; readonly port: string } {
  const at = value.lastIndexOf(':')
  return { host: value.slice(0, at), port: value.slice(at + 1) }
}

export function accessPointChoices({ accessPoints }: WaysIn): readonly Choice[] {
  return [
    { value: '', label: 'None', detail: 'The file system itself' },
    ...accessPoints.map(({ id, label }) => ({ value: id, label, detail: id })),
  ]
}

/** A name for a drive that nobody has named yet. */
export function suggestedNameOf(choice: FileSystemChoice | undefined, fileSystemId: string): string {
  // In AWS a name may be longer than a drive's.
  if (choice !== undefined) return labelOf(choice).slice(0, 200)
  return fileSystemId === '' ? 'S3 Files' : fileSystemId
}
