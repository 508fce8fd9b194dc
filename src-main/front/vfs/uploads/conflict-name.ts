import { maxNameBytes } from '../path.ts'

/**
 * The name under which ours is kept beside theirs: `name (conflict from HOST 2026-11-21 14.03).ext`, in the Mac's own time.
 * `attempt` numbers further tries (2, 3, …) when a name is taken. The stem and the host name give way to the limit of a
 * component; the extension stays, unless it alone would leave no room.
 */
export function conflictName(name: string, hostName: string, nowMs: number, attempt = 1): string {
  const dot = name.lastIndexOf('.')
  const hasExtension = dot > 0 && Buffer.byteLength(name.slice(dot)) <= maxExtensionBytes
  const stem = hasExtension ? name.slice(0, dot) : name
  const extension = hasExtension ? name.slice(dot) : ''
  const host = cut(safe(hostName), maxHostBytes)
  const suffix = ` (conflict from ${host} ${stampOf(new Date(nowMs))}${attempt > 1 ? ` ${attempt}` : ''})`
  const room = maxNameBytes - Buffer.byteLength(suffix) - Buffer.byteLength(extension)
  return `${cut(stem, room)}${suffix}${extension}`
}

const maxExtensionBytes = 32
const maxHostBytes = 63

function stampOf(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  // No colon: Finder shows one as a slash.
  return `${day} ${two(date.getHours())}.${two(date.getMinutes())}`
}

/** A host name is the user's own text. */
function safe(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what must not get into a file name
  return text.toWellFormed().replace(/[/:\u0000-\u001f\u007f]/g, '-')
}

/** The longest beginning of `text` that takes at most `maxBytes`; never half a character. */
function cut(text: string, maxBytes: number): string {
  let bytes = 0
  let kept = ''
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > maxBytes) break
    kept += character
  }
  return kept
}
