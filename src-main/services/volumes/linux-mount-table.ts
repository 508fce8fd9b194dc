import type { MountedVolume } from './volumes.ts'

/** The text of `/proc/self/mounts`: source, directory, type and options, separated by spaces; see fstab(5). */
export function parseLinuxMountTable(text: string): readonly MountedVolume[] {
  return text.split('\n').flatMap((line) => {
    const [url, mountPoint, type] = line.split(' ')
    if (url === undefined || mountPoint === undefined || type === undefined) return []
    return [{ url: unescapeOctal(url), mountPoint: unescapeOctal(mountPoint), type }]
  })
}

/** The kernel writes space, tab, newline, backslash and `#` as `\040` and so on; every other byte as it is. */
function unescapeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)))
}
