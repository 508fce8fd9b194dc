import { maxNameBytes } from '../limits.ts'
import { parseCreationDate, parseHttpDate } from './dates.ts'
import { type ElementText, elementsOf } from './elements.ts'
import { decodedPath, readHref } from './hrefs.ts'

/** What the client knows of a file or directory; times in whole seconds since 1970. */
export interface WireAttributes {
  readonly kind: 'file' | 'directory'
  readonly size: number
  readonly modifiedSec: number
  readonly createdSec: number
}

export interface ListedChild {
  readonly name: string
  readonly attributes: WireAttributes
}

export interface ParsedListing {
  /** Of the directory itself, where the answer had them. */
  readonly directory: WireAttributes | undefined
  readonly children: readonly ListedChild[]
  /** Entries the user does not see, or not as they are. */
  readonly mishaps: readonly { readonly href: string; readonly reason: string }[]
  /** Bytes the hand-made `&amp;` fix-up looks through (webdavfs-403: P:984-1004). */
  readonly scannedBytes: number
}

/** Attributes from a Depth 0 answer: whichever elements are in it, under any status. @throws Error when not well-formed. */
export function parseAttributes(document: string): WireAttributes {
  return collect([...elementsOf(document)])
}

/** `getetag` and `getlastmodified` of the extra request after a PUT. @throws Error when not well-formed. */
export function parseModified(document: string): string | undefined {
  return elementsOf(document).find((element) => element.name === 'getlastmodified')?.text
}

/** How many `href` elements an answer has, whatever they belong to (webdavfs-403: P:667-670). */
export function countHrefs(document: string): number {
  return [...elementsOf(document)].filter((element) => element.name === 'href').length
}

/** True when the answer holds any of the four quota properties with a number. */
export function answersQuota(document: string): boolean {
  const names = ['quota-available-bytes', 'quota-used-bytes', 'quota', 'quotaused']
  return elementsOf(document).some((element) => names.includes(element.name) && /\d/.test(element.text))
}

/**
 * A Depth 1 answer. Each `href` opens an entry, what follows belongs to it. Whether it is the directory or a child is decided by the
 * LENGTH of its decoded path alone (webdavfs-403: P:1510, 1418-1450). @throws Error when not well-formed.
 */
export function parseListing(document: string, directoryPath: string, bufferBytes?: number): ParsedListing {
  const directoryBytes = Buffer.byteLength(directoryPath)
  const elements = [...elementsOf(document)]
  const starts = elements.flatMap((element, index) => (element.name === 'href' ? [index] : []))
  const children: ListedChild[] = []
  const mishaps: { href: string; reason: string }[] = []
  let directory: WireAttributes | undefined
  let scannedBytes = 0
  starts.forEach((start, index) => {
    const element = elements[start]!
    scannedBytes += document.length - element.offset
    const attributes = collect(elements.slice(start, starts[index + 1]))
    const href = readHref(element, bufferBytes)
    const path = decodedPath(href.text)
    const wrong = (reason: string): void => {
      mishaps.push({ href: element.raw, reason })
    }
    if (href.truncated) wrong('only the first chunk of its text was read')
    if (path === undefined) {
      wrong('its escapes are not UTF-8')
      return
    }
    const bare = path.replace(/\/$/, '')
    if (Buffer.byteLength(bare) + 1 <= directoryBytes) {
      if (bare !== directoryPath.replace(/\/$/, '')) wrong('as short as its directory, so taken for it')
      directory ??= attributes
      return
    }
    const name = bare.slice(bare.lastIndexOf('/') + 1)
    if (Buffer.byteLength(name) > maxNameBytes) {
      wrong('its name is longer than 255 bytes')
      return
    }
    if (path.slice(0, -name.length).includes('//')) wrong('its path contains //')
    children.push({ name, attributes })
  })
  return { directory, children, mishaps, scannedBytes }
}

function collect(elements: readonly ElementText[]): WireAttributes {
  const textOf = (name: string): string | undefined => elements.find((element) => element.name === name)?.text
  return {
    kind: elements.some((element) => element.name === 'collection') ? 'directory' : 'file',
    size: Number.parseInt(textOf('getcontentlength') ?? '0', 10) || 0,
    modifiedSec: parseHttpDate(textOf('getlastmodified')),
    createdSec: parseCreationDate(textOf('creationdate')),
  }
}
