import type { Drive } from '../../services/drives/drive.ts'
import type { KeptUploads } from '../../services/drives/ports.ts'
import { formatBytes, formatCount, formatPath } from '../../lib/format.ts'

/** What an ended front has left behind, where it is and what becomes of it; nothing where it has left nothing. */
export function renderKept(
  { name }: Pick<Drive, 'name'>,
  { count, bytes, attention }: KeptUploads,
  dir: string,
  homeDir: string,
): string[] {
  if (count === 0) return []
  const files = formatCount(count, 'saved file')
  const where = `kept in ${formatPath(dir, homeDir)}`
  return [
    `${files} (${formatBytes(bytes)}) of ${name} ${count === 1 ? 'is' : 'are'} ${where}, and delivered after the next mount.`,
    ...(attention === 0
      ? []
      : [`${formatCount(attention, 'of them needs', 'of them need')} attention: see \`mountbar uploads\`.`]),
  ]
}
