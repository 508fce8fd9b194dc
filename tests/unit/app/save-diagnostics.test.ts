import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { saveDiagnostics } from '../../../src-main/app/state/save-diagnostics.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

const segment = '0123456789abcdef0123456789abcdef'
const secretKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'

async function save(dir: string, settings: unknown): Promise<string> {
  const path = join(dir, 'report.txt')
  await saveDiagnostics({
    desktop: { chooseSavePath: () => Promise.resolve(path) },
    diagnostics: {
      run: () => Promise.resolve([{ id: 'proxy', text: `AWS_SESSION_TOKEN=${secretKey}` }] as never),
    },
    readSettings: () => Promise.resolve(settings),
    logDir: dir,
    version: '1.2.3',
    clock: new FakeClock(),
    signal: new AbortController().signal,
  })
  return path
}

test('a secret is taken out of each part of a diagnostics file', async () => {
  await using temp = await makeTempDir('diagnostics')
  const logged = ['mountbar.log.1', 'mountbar.log', 'keeper.log']
  for (const name of logged)
    await writeFile(
      join(temp.dir, name),
      `${name} says http://127.0.0.1:1/${segment}/ and secretAccessKey=${secretKey}\n`,
    )
  const text = await readFile(await save(temp.dir, { note: `/${segment}/` }), 'utf8')
  for (const name of logged) expect(text).toContain(`${name} says http://127.0.0.1:1/***/`)
  expect(text).toContain('"note": "/***/"')
  expect(text).not.toContain(segment)
  expect(text).not.toContain(secretKey)
})

test('the path of a drive is taken out by its name, whatever it looks like', async () => {
  await using temp = await makeTempDir('diagnostics')
  const text = await readFile(
    await save(temp.dir, { drives: [{ name: 'Photos', pathSecret: 'short' }] }),
    'utf8',
  )
  expect(text).toContain('"name": "Photos"')
  expect(text).not.toContain('short')
})

test('a line that was cut off is left out: what makes a secret of its rest may be gone', async () => {
  await using temp = await makeTempDir('diagnostics')
  const line = `secretAccessKey=${secretKey} `
  await writeFile(join(temp.dir, 'mountbar.log'), `${line}${'x'.repeat(1_999_980)}\nthe rest\n`)
  const text = await readFile(await save(temp.dir, {}), 'utf8')
  expect(text).toContain('== mountbar.log ==\nthe rest\n')
  expect(text).not.toContain('EXAMPLEKEY')
})

test('a diagnostics file is its owner’s alone, also in place of one that was not', async () => {
  await using temp = await makeTempDir('diagnostics')
  const path = join(temp.dir, 'report.txt')
  await writeFile(path, 'an older one')
  await chmod(path, 0o644)
  expect(await save(temp.dir, {})).toBe(path)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})
