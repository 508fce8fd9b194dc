import type { ElementText } from './elements.ts'

/** An `href` as the agent reads it. */
export interface ReadHref {
  /** Still percent-escaped. */
  readonly text: string
  /** True when a later chunk of the text was lost. */
  readonly truncated: boolean
}

/**
 * The FIRST chunk of text that the SAX parser delivers for an `href`; the agent drops the rest (webdavfs-403: P:978-1070).
 * libxml2 ends a chunk at an entity and, after a run of ASCII, at the first byte that is not; also at a border of its input buffer,
 * which only exists when `bufferBytes` is given. `&amp;` alone is put right by hand (P:984-1004): the text up to it, `&`, and on.
 */
export function readHref(element: ElementText, bufferBytes = Infinity): ReadHref {
  const borders = [
    element.raw.search(/&(?!amp;)/),
    // eslint-disable-next-line no-control-regex -- ASCII is meant, control characters included
    element.raw.search(/[^\x00-\x7f]/),
    bufferBorder(element, bufferBytes),
  ].filter((border) => border >= 0)
  const end = Math.min(element.raw.length, ...borders)
  return {
    text: element.raw.slice(0, end).replaceAll('&amp;', '&').trim(),
    truncated: end < element.raw.length,
  }
}

function bufferBorder(element: ElementText, bufferBytes: number): number {
  if (!Number.isFinite(bufferBytes)) return -1
  const border = bufferBytes - (element.offset % bufferBytes)
  return border < element.raw.length ? border : -1
}

/** The path of an `href`, absolute URLs included, decoded; `undefined` when its escapes are not UTF-8. */
export function decodedPath(href: string): string | undefined {
  const path = href.replace(/^https?:\/\/[^/]*/i, '')
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}
