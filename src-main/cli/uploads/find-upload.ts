import type { Drive } from '../../services/drives/drive.ts'
import { AppError } from '../../shared/errors.ts'
import type { Services } from '../command-context.ts'
import type { ListedUploads } from '../output/render-uploads.ts'
import { listUploads } from './list-uploads.ts'

export interface FoundUpload {
  readonly drive: Drive
  readonly id: number
  /** Its path on the drive; its number where the list was too long to see it. */
  readonly name: string
  readonly size?: number
}

/**
 * The upload that `<id>` or `<drive>:<id>` means.
 * @throws AppError `usage`, `drive-unknown`, `upload-unknown` {id}, `upload-ambiguous` {id, candidates}.
 */
export async function findUpload(text: string, services: Pick<Services, 'drives'>): Promise<FoundUpload> {
  const [, driveText, digits] = /^(?:(.+):)?(\d{1,15})$/s.exec(text) ?? []
  if (digits === undefined)
    throw new AppError('usage', { reason: `“${text}” is not the number of an upload` })
  const id = Number(digits)
  const candidates = (await listUploads(driveText, services)).flatMap((listed) => candidateOf(listed, id))
  const sure = candidates.filter(({ size }) => size !== undefined)
  const [found, other] = sure.length > 0 ? sure : candidates
  if (found === undefined) throw new AppError('upload-unknown', { id })
  if (other !== undefined) {
    const names = candidates.map(({ drive, name }) => `${drive.name}:${id} (${name})`).join(', ')
    throw new AppError('upload-ambiguous', { id, candidates: names })
  }
  return found
}

function candidateOf({ drive, found }: ListedUploads, id: number): FoundUpload[] {
  const uploads = found.kind === 'running' ? found.report.uploads : found.kept.uploads
  const upload = uploads.find((candidate) => candidate.id === id)
  if (upload !== undefined) return [{ drive, id, name: upload.path, size: upload.size }]
  if (found.kind === 'kept') return []
  const { pending, attention } = found.report.totals
  return pending + attention > uploads.length ? [{ drive, id, name: `Upload ${id}` }] : []
}
