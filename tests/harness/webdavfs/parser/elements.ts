import { SaxesParser } from 'saxes'

/** One element's text as the agent meets it: `name` without prefix, `raw` as in the document, entities unresolved. */
export interface ElementText {
  readonly name: string
  /** Resolved text up to the element's first child or end. */
  readonly text: string
  /** The same stretch of the document, unresolved: what the parser's text chunks are cut from. */
  readonly raw: string
  /** Local names from the root down to the element's parent. */
  readonly ancestors: readonly string[]
  /** Where the text starts in the document. */
  readonly offset: number
}

/**
 * All elements in document order. Namespaces and `<status>` mean nothing to this client: an element is what its local name says,
 * wherever it stands (webdavfs-403: P:377-630, 676-723). @throws Error when the document is not well-formed.
 */
export function* elementsOf(document: string): Generator<ElementText> {
  const found: ElementText[] = []
  const open: string[] = []
  const parser = new SaxesParser({ xmlns: false, position: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', (tag) => {
    const name = tag.name.slice(tag.name.indexOf(':') + 1)
    const offset = parser.position
    const end = document.indexOf('<', offset)
    const raw = tag.isSelfClosing ? '' : document.slice(offset, end === -1 ? undefined : end)
    found.push({ name, raw, text: resolveEntities(raw), ancestors: [...open], offset })
    open.push(name)
  })
  parser.on('closetag', () => void open.pop())
  parser.write(document).close()
  yield* found
}

const namedEntities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Text with its entities replaced; unknown ones stay as they are. */
export function resolveEntities(raw: string): string {
  return raw.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return namedEntities[name] ?? whole
    const code =
      name[1]?.toLowerCase() === 'x' ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10)
    return String.fromCodePoint(code)
  })
}
