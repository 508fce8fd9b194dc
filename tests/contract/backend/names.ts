import { describe, expect, it } from 'vitest'

import { codeOf, useDrive, type MakeBackend } from './subject.ts'

const names = [
  ['a space', 'with space'],
  ['spaces around', ' around '],
  ['percent signs', '100%25%2F'],
  ['an ampersand and a semicolon', 'a&amp;b;c'],
  ['plus and equals', 'a+b=c'],
  ['quotes', `it's "quoted"`],
  ['a newline and a tab', 'two\nlines\tone tab'],
  ['a colon', 'a:b'],
  ['a backslash', 'a\\b'],
  ['glob characters', '*?[a-z]{b}'],
  ['a leading dot', '.hidden'],
  ['a leading hyphen', '-rf'],
  ['dots only', '...'],
  ['control characters', '\u0001\u007f'],
  ['composed umlauts', 'Ärger'.normalize('NFC')],
  ['decomposed umlauts', 'Ärger'.normalize('NFD')],
  ['emoji with joiners', '👩‍👩‍👧‍👦 🏳️‍🌈'],
  ['right-to-left text', 'שלום'],
  ['the replacement character', 'a\ufffdb'],
  ['what JavaScript objects inherit', '__proto__'],
  ['255 bytes of ASCII', 'x'.repeat(255)],
  ['255 bytes of three-byte characters', '語'.repeat(85)],
] as const

export function describeNames(makeBackend: MakeBackend): void {
  describe('names', () => {
    const drive = useDrive(makeBackend)

    it.each(names)('round-trip with %s, as a file and as a directory', async (_what, name) => {
      await drive().makeDirectory('/directory')
      await drive().put(`/directory/${name}`, 'content')
      expect(await drive().names('/directory')).toEqual([name])
      expect(await drive().getText(`/directory/${name}`)).toBe('content')
      await drive().move(`/directory/${name}`, '/file')
      await drive().makeDirectory(`/${name}`)
      await drive().move('/file', `/${name}/${name}`)
      expect(await drive().names(`/${name}`)).toEqual([name])
      await drive().put(`/${name}/${name}`, 'new content')
      expect(await drive().getText(`/${name}/${name}`)).toBe('new content')
      await drive().remove(`/${name}`)
      expect(await drive().names('/')).toEqual(['directory'])
    })

    it('are not found by a prefix of theirs', async () => {
      await drive().put('/file name', 'content')
      expect(await codeOf(drive().stat('/file'))).toBe('not-found')
    })
  })
}
