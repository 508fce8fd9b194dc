import { SaxesParser, type SaxesTagNS } from 'saxes'

import { HttpRefusal } from '../refusal.ts'
import { escapeXml } from './escape.ts'

/** An element with its expanded name, its element children and, for what must be kept as it came, its own XML text. */
export interface XmlElement {
  readonly namespace: string
  readonly name: string
  readonly attributes: readonly {
    readonly namespace: string
    readonly name: string
    readonly value: string
  }[]
  readonly children: XmlElement[]
  /** Character data of this element alone. */
  text: string
  /** The element as self-contained XML: every prefix it needs is declared on it. */
  xml: string
}

/** A document is refused beyond these; nothing a WebDAV client says needs more. */
export const xmlLimits = { bytes: 1024 * 1024, depth: 64 } as const

/**
 * Reads a request body. There is no DTD, hence no entity but the five of XML itself.
 * @throws HttpRefusal 400 when it is not namespace-well-formed XML, has a DTD, or nests deeper than `xmlLimits.depth`.
 */
export function readXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: false })
  const open: XmlElement[] = []
  const roots: XmlElement[] = []

  parser.on('error', (cause) => {
    throw new HttpRefusal(400, { cause })
  })
  parser.on('doctype', () => {
    throw new HttpRefusal(400)
  })
  parser.on('opentag', (tag) => {
    if (open.length >= xmlLimits.depth) throw new HttpRefusal(400)
    const element = elementOf(tag)
    ;(open.at(-1)?.children ?? roots).push(element)
    open.push(element)
  })
  const appendText = (data: string): void => {
    const element = open.at(-1)
    if (element === undefined) return
    element.text += data
    element.xml += escapeXml(data)
  }
  parser.on('text', appendText)
  parser.on('cdata', appendText)
  parser.on('closetag', () => {
    const element = open.pop()
    if (element === undefined) return
    element.xml += `</${prefixedName(element)}>`
    const parent = open.at(-1)
    if (parent !== undefined) parent.xml += element.xml
  })

  parser.write(text).close()
  const [root] = roots
  if (root === undefined) throw new HttpRefusal(400)
  return root
}

export function isDav(element: XmlElement, name: string): boolean {
  return element.namespace === 'DAV:' && element.name === name
}

export function davChild(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => isDav(child, name))
}

function elementOf(tag: SaxesTagNS): XmlElement {
  const attributes = Object.values(tag.attributes)
    .filter((attribute) => attribute.uri !== 'http://www.w3.org/2000/xmlns/')
    .map((attribute) => ({ namespace: attribute.uri, name: attribute.local, value: attribute.value }))
  const element = { namespace: tag.uri, name: tag.local, attributes, children: [], text: '', xml: '' }
  return { ...element, xml: startTag(element) }
}

/** Every element declares its own namespaces: prefixes of the request mean nothing once a part of it is stored. */
function startTag(element: Pick<XmlElement, 'namespace' | 'name' | 'attributes'>): string {
  const parts = [`<${prefixedName(element)}`]
  // No namespace has to be said, too: answers make `DAV:` the default one.
  parts.push(element.namespace === '' ? ' xmlns=""' : ` xmlns:n="${escapeXml(element.namespace)}"`)
  element.attributes.forEach(({ namespace, name, value }, index) => {
    if (namespace === '') parts.push(` ${name}="${escapeXml(value)}"`)
    else if (namespace === xmlNamespace) parts.push(` xml:${name}="${escapeXml(value)}"`)
    else parts.push(` xmlns:a${index}="${escapeXml(namespace)}" a${index}:${name}="${escapeXml(value)}"`)
  })
  return `${parts.join('')}>`
}

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'

function prefixedName(element: Pick<XmlElement, 'namespace' | 'name'>): string {
  return element.namespace === '' ? element.name : `n:${element.name}`
}
