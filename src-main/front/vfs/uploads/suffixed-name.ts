import { maxNameBytes } from '../path.ts'

const maxExtensionBytes = 32

/**
 * `name` with `suffix` before its extension, as in `name (copy).ext`. The stem gives way to the limit of a component; the
 * extension stays, unless it alone would leave no room.
 */
export function suffixedName(name: string, suffix: string): string {
  const dot = name.lastIndexOf('.')
  const hasExtension = dot > 0 && Buffer.byteLength(name.slice(dot)) <= maxExtensionBytes
  const stem = hasExtension ? name.slice(0, dot) : name
  const extension = hasExtension ? name.slice(dot) : ''
  const room = maxNameBytes - Buffer.byteLength(suffix) - Buffer.byteLength(extension)
  return `${cutToBytes(stem, room)}${suffix}${extension}`
}

/** The longest beginning of `text` that takes at most `maxBytes`; never half a character. */
export function cutToBytes(text: string, maxBytes: number): string {
  let bytes = 0
  let kept = ''
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > maxBytes) break
    kept += character
  }
  return kept
}
