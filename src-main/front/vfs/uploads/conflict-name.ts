import { cutToBytes, suffixedName } from './suffixed-name.ts'

/**
 * The name under which ours is kept beside theirs: `name (conflict from HOST 2026-11-21 14.03).ext`, in the Mac's own time.
 * `attempt` numbers further tries (2, 3, …) when a name is taken. The stem and the host name give way to the limit of a
 * component; the extension stays, unless it alone would leave no room.
 */
export function conflictName(name: string, hostName: string, nowMs: number, attempt = 1): string {
  const host = cutToBytes(safe(hostName), maxHostBytes)
  const suffix = ` (conflict from ${host} ${stampOf(new Date(nowMs))}${attempt > 1 ? ` ${attempt}` : ''})`
  return suffixedName(name, suffix)
}

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
