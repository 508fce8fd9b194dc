import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

import { describe, expect, test } from 'vitest'

import { anchorsOf, documentAt, documents, linksOf, repoDir } from './markdown.ts'

describe('links in the documentation', () => {
  test.each(documents())('$path leads only to what exists', (document) => {
    expect(linksOf(document.text).filter((link) => isBroken(document.path, link))).toEqual([])
  })

  test.each([
    ['[a](missing.md)', true],
    ['[a](README.md#no-such-heading)', true],
    ['[a](#no-such-heading)', true],
    ['[a](README.md#licence)', false],
    ['[a](docs)', false],
    ['[a](https://example.com/missing.md)', false],
  ])('the check itself takes %s as broken: %s', (markdown, broken) => {
    expect(linksOf(markdown).some((link) => isBroken('README.md', link))).toBe(broken)
  })

  test('links inside code are not links', () => {
    expect(linksOf('`[a](b.md)`\n\n```\n[c](d.md)\n```\n')).toEqual([])
  })
})

/** Links to elsewhere are not followed: a test must not depend on the network. */
function isBroken(fromPath: string, link: string): boolean {
  if (/^[a-z]+:/.test(link)) return false
  const [target = '', anchor] = link.split('#')
  const path = target === '' ? fromPath : relative(repoDir, join(repoDir, dirname(fromPath), target))
  if (path.startsWith('..') || !existsSync(join(repoDir, path))) return true
  if (anchor === undefined) return false
  return statSync(join(repoDir, path)).isDirectory() || !anchorsOf(documentAt(path).text).includes(anchor)
}
