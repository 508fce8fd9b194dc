import type { Services } from '../command-context.ts'
import type { ListedUploads } from '../output/render-uploads.ts'

/** The uploads of the drive that `text` means, or of all drives. @throws AppError `drive-unknown`, `drive-ambiguous`, `front-timeout`. */
export async function listUploads(
  text: string | undefined,
  { drives }: Pick<Services, 'drives'>,
): Promise<readonly ListedUploads[]> {
  const { registry } = drives
  const chosen = text === undefined ? await registry.list() : [await registry.find(text)]
  return await Promise.all(chosen.map(async (drive) => ({ drive, found: await drives.uploads(drive) })))
}

/** As `--json` prints it. `uploads` of very many may be the first ones only: `pending` and `attention` count them all. */
export function uploadsToJson(all: readonly ListedUploads[]) {
  return {
    drives: all.map(({ drive: { id, name }, found }) => {
      if (found.kind === 'running') {
        const { uploads, totals } = found.report
        return { id, name, running: true, totals, uploads }
      }
      const { count, bytes, attention, uploads } = found.kept
      return { id, name, running: false, kept: { count, bytes, attention }, uploads }
    }),
  }
}
