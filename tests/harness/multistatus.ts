import { SaxesParser } from 'saxes'

export interface DavResource {
  /** Exactly as sent. */
  readonly href: string
  /** By local name: text content, or the local name of the first child element (`collection`, say). Only those with status 200. */
  readonly properties: Readonly<Record<string, string>>
  /** Local names of properties by the status of their propstat. */
  readonly byStatus: Readonly<Record<number, readonly string[]>>
}

/** The resources of a 207 body, in order. @throws when it is not well-formed XML. */
export function parseMultistatus(xml: string): readonly DavResource[] {
  const resources: DavResource[] = []
  const open: string[] = []
  let href = ''
  let text = ''
  let properties: Record<string, string> = {}
  let byStatus: Record<number, string[]> = {}
  let ofPropstat: Record<string, string> = {}
  let status = 0

  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ local }) => {
    open.push(local)
    text = ''
    if (local === 'response') [href, properties, byStatus] = ['', {}, {}]
    if (local === 'propstat') [ofPropstat, status] = [{}, 0]
    if (open.at(-2) === 'prop') ofPropstat[local] = ''
    if (open.at(-3) === 'prop') ofPropstat[open.at(-2)!] ||= local
  })
  parser.on('text', (piece) => (text += piece))
  parser.on('closetag', ({ local }) => {
    if (local === 'href' && open.at(-2) === 'response') href = text
    if (local === 'status') status = Number(/ (\d{3})/.exec(text)?.[1])
    if (open.at(-2) === 'prop' && text !== '') ofPropstat[local] = text
    if (local === 'propstat') {
      ;(byStatus[status] ??= []).push(...Object.keys(ofPropstat))
      if (status === 200) Object.assign(properties, ofPropstat)
    }
    if (local === 'response') resources.push({ href, properties, byStatus })
    open.pop()
    text = ''
  })
  parser.write(xml).close()
  return resources
}
