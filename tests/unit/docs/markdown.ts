import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const repoDir = join(import.meta.dirname, '../../..')

export interface Document {
  /** Relative to the repository. */
  readonly path: string
  readonly text: string
}

/** Every Markdown file of the repository. */
export function documents(): readonly Document[] {
  const paths = globSync('**/*.md', { cwd: repoDir, exclude: ['node_modules', 'out', '.cache'] })
  return paths.sort().map((path) => documentAt(path))
}

export function documentAt(path: string): Document {
  return { path, text: readFileSync(join(repoDir, path), 'utf8') }
}

/** Targets of links and images, as written; code is no place for links. */
export function linksOf(text: string): readonly string[] {
  return [...withoutCode(text).matchAll(/\]\(([^()\s]+)\)/g)].map((match) => match[1]!)
}

/** The anchors GitHub gives to the headings of a page. */
export function anchorsOf(text: string): readonly string[] {
  return [...withoutCode(text, 'blocks').matchAll(/^#{1,6} +(.+)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** What stands below a heading, to the next one of the same or a higher level. @throws when there is no such heading. */
export function sectionOf({ path, text }: Document, heading: string): string {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.replace(/^#+ /, '') === heading && line.startsWith('#'))
  if (start < 0) throw new Error(`${path} has no heading "${heading}"`)
  const level = lines[start]!.indexOf(' ')
  const length = lines.slice(start + 1).findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= level)
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join('\n')
}

/** The cells of every table row, header rows included, dividers left out. */
export function tableRows(text: string): readonly (readonly string[])[] {
  const rows = text.split('\n').filter((line) => line.startsWith('|') && !/^[|\s:-]+$/.test(line))
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  )
}

/** The text of every `inline code` in `text`. */
export function inlineCodes(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!)
}

/** Every piece of code in `text`: the lines of code blocks, and `inline code`. */
export function codeIn(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^```.*\n([\s\S]*?)^```/gm)].flatMap((match) => match[1]!.split('\n'))
  return [...blocks, ...inlineCodes(withoutCode(text, 'blocks'))]
}

function withoutCode(text: string, what: 'blocks' | 'all' = 'all'): string {
  const withoutBlocks = text.replace(/^```[\s\S]*?^```/gm, '')
  return what === 'all' ? withoutBlocks.replace(/`[^`\n]*`/g, '') : withoutBlocks
}
