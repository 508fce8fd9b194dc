import type { MountedVolume } from './volumes.ts'

/**
 * A line of `/sbin/mount`: `<source> on <directory> (<type>, <option>, …)`. Only the directory may hold ` on ` and parentheses:
 * sources are devices and URLs, options are single words. So the source ends at the first ` on `, the directory before the last ` (`.
 */
const linePattern = /^(.+?) on (\/.*) \(([^(),]+)(?:, [^()]*)?\)$/

/** The output of `/sbin/mount` without arguments, which asks no file system and so never blocks. */
export function parseMacMountTable(output: string): readonly MountedVolume[] {
  return output.split('\n').flatMap((line) => {
    const [, url, mountPoint, type] = linePattern.exec(line) ?? []
    if (url === undefined || mountPoint === undefined || type === undefined) return []
    return [{ url, mountPoint, type }]
  })
}
