import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { davClient, type Dav } from '../harness/dav-client.ts'
import { startTestFront, type TestFront } from '../harness/front.ts'
import { parseMultistatus } from '../harness/multistatus.ts'

const names: readonly (readonly [string, string])[] = [
  ['plain', 'plain.txt'],
  ['spaces inside', 'two  spaces.txt'],
  ['a leading space', ' leading'],
  ['a trailing space', 'trailing '],
  ['nothing but a space', ' '],
  ['emoji with joiners', '👩‍👩‍👧‍👦🏳️‍🌈.png'],
  ['composed letters (NFC)', 'caf\u00e9.txt'],
  ['Chinese, Arabic, Thai', '文件 ملف ไฟล์'],
  ['right-to-left marks', '\u202egnp.exe\u200f'],
  ['percent', '100% %20 %2f %.txt'],
  ['ampersand and entities', 'a&b &amp; &lt;.txt'],
  ['angle brackets', '<tag>]]>.xml'],
  ['quotes', `it's "quoted"`],
  ['semicolon', 'a;b;c'],
  ['plus', 'a+b'],
  ['hash and question mark', 'what#now?yes'],
  ['colon', 'Finder: a slash'],
  ['backslash', 'back\\slash\\..\\up'],
  ['newline', 'two\nlines'],
  ['tab and carriage return', 'tab\there\rand'],
  ['other control characters', 'bell\u0007 escape\u001b delete\u007f'],
  ['C1 control and line separators', 'next\u0085line\u2028sep'],
  ['characters that XML 1.0 forbids', 'odd\ufffe\uffff'],
  ['dots', '...'],
  ['a leading dot', '.hidden'],
  ['a trailing dot', 'dot.'],
  ['sub-delimiters', "!$&'()*+,;=:@"],
  ['brackets and the rest of ASCII', '[]{}|^`~-_'],
  ['what looks like a scheme', 'http:'],
  ['255 bytes of ASCII', 'x'.repeat(255)],
  ['255 bytes of four-byte characters', `${'𝄞'.repeat(63)}xyz`],
]

describe('names', () => {
  let front: TestFront
  let dav: Dav
  beforeAll(async () => {
    front = await startTestFront({ metadataTtlMs: 0, negativeTtlMs: 0 })
    dav = davClient(front)
  })
  afterAll(() => front.stop())
  beforeEach(async () => {
    await dav('DELETE', 'd')
    await dav('DELETE', 'e')
    await dav('MKCOL', 'd')
    await dav('MKCOL', 'e')
  })

  const hrefsOf = async (path: string, depth: '0' | '1') => {
    const answer = await dav('PROPFIND', path, { headers: { Depth: depth } })
    expect(answer.status).toBe(207)
    return parseMultistatus(answer.text).map(({ href }) => href)
  }
  const onDisk = (path: string) => readdir(join(front.rootDir, path))

  test.for(names)('%s: a file goes round unchanged', async ([, name]) => {
    const path = `d/${encodeURIComponent(name)}`
    expect((await dav('PUT', path, { body: 'content' })).status).toBe(201)
    expect(await onDisk('d')).toEqual([name])
    expect((await dav('GET', path)).text).toBe('content')

    const [, href] = await hrefsOf('d/', '1')
    expect(decodeURIComponent(href!)).toBe(`${front.basePath}d/${name}`)
    expect(await hrefsOf(path, '0')).toEqual([href])

    const elsewhere = `${front.url}e/${encodeURIComponent(name)}`
    expect((await dav('MOVE', path, { headers: { Destination: elsewhere } })).status).toBe(201)
    expect([await onDisk('d'), await onDisk('e')]).toEqual([[], [name]])

    const back = { Destination: `${front.url}${path}` }
    expect((await dav('COPY', `e/${encodeURIComponent(name)}`, { headers: back })).status).toBe(201)
    expect((await dav('DELETE', `e/${encodeURIComponent(name)}`)).status).toBe(204)
    expect((await dav('GET', path)).text).toBe('content')
    expect((await dav('DELETE', path)).status).toBe(204)
    expect([await onDisk('d'), await onDisk('e')]).toEqual([[], []])
  })

  test.for(names)('%s: a folder goes round unchanged', async ([, name]) => {
    const path = `d/${encodeURIComponent(name)}`
    expect((await dav('MKCOL', `${path}/`)).status).toBe(201)
    expect((await dav('PUT', `${path}/inside`, { body: 'x' })).status).toBe(201)
    const [own, inside] = await hrefsOf(`${path}/`, '1')
    expect(decodeURIComponent(own!)).toBe(`${front.basePath}d/${name}/`)
    expect(decodeURIComponent(inside!)).toBe(`${front.basePath}d/${name}/inside`)
    expect((await dav('DELETE', path)).status).toBe(204)
    expect(await onDisk('d')).toEqual([])
  })

  test('sends hrefs in plain ASCII without entities, which is all that macOS reads right', async () => {
    for (const [, name] of names) await writeFile(join(front.rootDir, 'd', name), '')
    const hrefs = await hrefsOf('d/', '1')
    expect(hrefs).toHaveLength(names.length + 1)
    for (const href of hrefs) expect(href).toMatch(/^(\/|%[0-9A-F]{2}|[A-Za-z0-9\-._~!$'()*+,;=:@])+$/)
    expect(hrefs.map((href) => decodeURIComponent(href)).sort()).toEqual(
      [`${front.basePath}d/`, ...names.map(([, name]) => `${front.basePath}d/${name}`)].sort(),
    )
  })

  describe('in two Unicode forms', () => {
    const nfc = 'Caf\u00e9'
    const nfd = 'Cafe\u0301'

    test('one file is found by both, and is created in NFC', async () => {
      await dav('PUT', `d/${encodeURIComponent(nfd)}`, { body: 'one' })
      expect(await onDisk('d')).toEqual([nfc])
      for (const form of [nfc, nfd]) {
        expect((await dav('GET', `d/${encodeURIComponent(form)}`)).text).toBe('one')
        await dav('PUT', `d/${encodeURIComponent(form)}`, { body: 'one' })
      }
      expect(await onDisk('d')).toEqual([nfc])
    })

    test('a file that has an NFD name keeps it and is found by both', async () => {
      await writeFile(join(front.rootDir, 'd', nfd), 'old')
      expect((await dav('GET', `d/${encodeURIComponent(nfc)}`)).text).toBe('old')
      await dav('PUT', `d/${encodeURIComponent(nfc)}`, { body: 'new' })
      expect(await onDisk('d')).toEqual([nfd])
      expect((await dav('GET', `d/${encodeURIComponent(nfd)}`)).text).toBe('new')
    })

    test('hrefs repeat the form of the request, so that macOS tells parent from child', async () => {
      await mkdir(join(front.rootDir, 'd', nfc))
      await writeFile(join(front.rootDir, 'd', nfc, 'a'), '')
      for (const form of [nfc, nfd]) {
        const asked = `d/${encodeURIComponent(form)}/`
        expect(await hrefsOf(asked, '1')).toEqual([front.basePath + asked, `${front.basePath + asked}a`])
      }
    })

    test('two files whose names differ only in form stay two', async () => {
      await writeFile(join(front.rootDir, 'd', nfc), 'composed')
      await writeFile(join(front.rootDir, 'd', nfd), 'decomposed')
      expect((await dav('GET', `d/${encodeURIComponent(nfc)}`)).text).toBe('composed')
      expect((await dav('GET', `d/${encodeURIComponent(nfd)}`)).text).toBe('decomposed')
      expect(
        (await hrefsOf('d/', '1'))
          .slice(1)
          .map((href) => decodeURIComponent(href))
          .sort(),
      ).toEqual([`${front.basePath}d/${nfc}`, `${front.basePath}d/${nfd}`].sort())
      expect((await dav('DELETE', `d/${encodeURIComponent(nfd)}`)).status).toBe(204)
      expect(await onDisk('d')).toEqual([nfc])
    })
  })

  test('a plus is a plus and never a space', async () => {
    await dav('PUT', 'd/a+b', { body: 'plus' })
    expect(await onDisk('d')).toEqual(['a+b'])
    expect((await dav('GET', 'd/a%2Bb')).text).toBe('plus')
    expect((await dav('GET', 'd/a%20b')).status).toBe(404)
  })

  test('lower- and upper-case escapes name the same file', async () => {
    await dav('PUT', 'd/%c3%a9%5b', { body: 'x' })
    expect((await dav('GET', 'd/%C3%A9%5B')).text).toBe('x')
  })

  test('a query is no part of the name', async () => {
    await dav('PUT', 'd/f', { body: 'x' })
    expect((await dav('GET', 'd/f?version=1')).text).toBe('x')
  })
})
