/** Which of the two files: their headings are spelled differently. */
export type ConfigFileKind = 'config' | 'credentials'

/** A line that the SDK's loader passes over in silence, and that somebody meant something with. */
export interface LineFinding {
  readonly line: number
  readonly reason: string
}

/** Where things stand, so that a mistake can be shown. Holds names and line numbers, never a value. */
export interface ScannedFile {
  readonly findings: readonly LineFinding[]
  /** Lines by section as the loader names it (`dev`, `sso-session.corp`): its first heading, and each of its keys. */
  readonly sections: ReadonlyMap<string, SectionLines>
}

export interface SectionLines {
  readonly line: number
  readonly keys: ReadonlyMap<string, number>
}

const knownPrefixes = ['profile', 'sso-session', 'services', 'plugins', 'preview']
/** What the loader takes for a name behind a prefix. */
const readableName = /^(["']?)[\w\-@+.%:/]+\1$/

/** Looks at the text as the SDK's loader does, and notes what that leaves out. It never fails, and quotes nothing. */
export function scanLines(text: string, kind: ConfigFileKind): ScannedFile {
  const findings: LineFinding[] = []
  const sections = new Map<string, { line: number; keys: Map<string, number> }>()
  let current: { keys: Map<string, number> } | 'ignored' | 'none' = 'none'
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = index + 1
    const report = (reason: string): void => void findings.push({ line, reason })
    if (index === 0 && raw.startsWith('\uFEFF'))
      report('it begins with a byte order mark, which hides its first heading')
    const content = raw.split(/(^|\s)[;#]/)[0]?.trim() ?? ''
    if (content === '') return
    if (content.startsWith('[')) {
      const heading = readHeading(content, kind)
      if ('reason' in heading) {
        report(heading.reason)
        current = 'ignored'
        return
      }
      const section = sections.get(heading.name) ?? { line, keys: new Map<string, number>() }
      sections.set(heading.name, section)
      current = section
      return
    }
    const equals = content.indexOf('=')
    if (equals <= 0) {
      report('it is neither a heading nor `key = value`')
      return
    }
    if (current === 'none') {
      report('it stands before the first heading')
      return
    }
    if (current === 'ignored') return
    const key = content.slice(0, equals).trim()
    // Indented lines below an empty value are a group of their own (`s3 =`), and none of Mountbar's business.
    if (raw.trimStart() === raw) current.keys.set(key, line)
  })
  return { findings, sections }
}

type Heading = { readonly name: string } | { readonly reason: string }

function readHeading(content: string, kind: ConfigFileKind): Heading {
  if (!content.endsWith(']')) return { reason: 'its heading has no closing bracket' }
  const inner = content.slice(1, -1)
  if (inner.trim() === '') return { reason: 'its heading is empty' }
  // The loader refuses to read a whole file that has such a heading.
  if (/(^|\s)__proto__$/.test(inner)) return { reason: 'no heading may have that name' }
  const [prefix = '', ...rest] = inner.trim().split(/\s+/)
  const name = rest.join(' ')
  if (kind === 'credentials') {
    if (prefix === 'profile' && name !== '')
      return { reason: 'headings in this file are [name], without the word profile' }
    return { name: inner }
  }
  if (inner === 'default') return { name: 'default' }
  if (name === '') {
    return knownPrefixes.includes(prefix)
      ? prefix === 'profile' || prefix === 'sso-session'
        ? { reason: 'its heading lacks a name' }
        : { name: prefix }
      : { reason: 'headings in this file are [profile name], with the word profile' }
  }
  if (!knownPrefixes.includes(prefix)) return { reason: 'no heading begins with that word' }
  if (!readableName.test(name)) return { reason: 'its name has characters that AWS’s SDK does not read' }
  const bare = name.replace(/^(["'])(.*)\1$/, '$2')
  return { name: prefix === 'profile' ? bare : `${prefix}.${bare}` }
}
