import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { redact } from '../../../src-main/core/redact.ts'
import { createLogFile } from '../../../src-main/lib/log-file.ts'
import { createLogger, type LogFields, type LoggerOptions } from '../../../src-main/lib/logger.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'

function logged(fields: LogFields | undefined, more: Partial<LoggerOptions> = {}): string[] {
  const lines: string[] = []
  const log = createLogger({
    sink: (line) => lines.push(line),
    level: 'info',
    format: 'json',
    redact: (line) => line,
    clock: new FakeClock(Date.UTC(2026, 0, 2, 3, 4, 5)),
    ...more,
  })
  log.info('mount', 'ready', fields)
  return lines
}

describe('an entry of the log', () => {
  test('is a line of JSON with time, level, place, what happened, and its facts', () => {
    const [line] = logged({ id: 'photos', ms: 12 })
    expect(JSON.parse(line!)).toEqual({
      time: '2026-01-02T03:04:05.000Z',
      level: 'info',
      place: 'mount',
      what: 'ready',
      id: 'photos',
      ms: 12,
    })
  })

  test('is a line of text for people', () => {
    const fields = { id: 'photos', name: 'My "photos"', ms: 12, ok: true, left: undefined }
    expect(logged(fields, { format: 'text' })).toEqual([
      '2026-01-02T03:04:05.000Z info  mount: ready id=photos name="My \\"photos\\"" ms=12 ok=true left="undefined"',
    ])
  })

  test.each(['json', 'text'] as const)(
    'has an error with its stack and causes, on one line (%s)',
    (format) => {
      const error = new Error('outer', { cause: new Error('inner') })
      const lines = logged({ error }, { format })
      expect(lines).toHaveLength(1)
      expect(lines[0]).not.toContain('\n')
      expect(lines[0]).toContain('Error: outer')
      expect(lines[0]).toContain('Error: inner')
      expect(lines[0]).toContain('logger.test.ts')
    },
  )

  test.each(['json', 'text'] as const)('cannot fail on odd values (%s)', (format) => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    const lines = logged({ cycle, big: 10n, none: undefined, nothing: null, text: 'a\nb' }, { format })
    expect(lines).toHaveLength(1)
    expect(lines[0]).not.toContain('\n')
  })

  test('cannot be made to look like two', () => {
    const [line] = logged({ name: 'x\n2026-01-02T03:04:05.000Z error fake: entry' }, { format: 'text' })
    expect(line).not.toContain('\n')
  })

  test('is dropped below the level of the log', () => {
    expect(logged({}, { level: 'warn' })).toEqual([])
    expect(logged({}, { level: 'debug' })).toHaveLength(1)
  })
})

describe('the log file', () => {
  test('has none of the secrets that were logged, whatever they were logged as', async () => {
    await using temp = await makeTempDir('log')
    const filePath = join(temp.dir, 'mountbar.log')
    const segment = '0123456789abcdef0123456789abcdef'
    const secret = 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY'
    for (const format of ['json', 'text'] as const) {
      const log = createLogger({
        sink: createLogFile({ filePath, maxBytes: 1_000_000 }),
        level: 'debug',
        format,
        redact,
        clock: new FakeClock(0),
      })
      log.info('front', 'ready', { url: `http://127.0.0.1:1/${segment}/` })
      log.warn('front', 'stderr', { line: `GET /${segment}/a.txt` })
      log.error('aws', 'failed', { error: new Error(`secretAccessKey: '${secret}'`) })
      log.debug('aws', 'session', { credentials: { SecretAccessKey: secret } })
    }
    const text = await readFile(filePath, 'utf8')
    expect(text.trimEnd().split('\n')).toHaveLength(8)
    expect(text).not.toContain(segment)
    expect(text).not.toContain(secret)
  })

  test('is for its user alone, in a folder that is too', async () => {
    await using temp = await makeTempDir('log')
    const filePath = join(temp.dir, 'logs', 'mountbar.log')
    createLogFile({ filePath, maxBytes: 100 })('line')
    expect((await stat(filePath)).mode & 0o777).toBe(0o600)
    expect((await stat(join(temp.dir, 'logs'))).mode & 0o777).toBe(0o700)
  })

  test('is followed by a new one when it is full, and only one old one is kept', async () => {
    await using temp = await makeTempDir('log')
    const filePath = join(temp.dir, 'mountbar.log')
    const sink = createLogFile({ filePath, maxBytes: 20 })
    for (let i = 0; i < 10; i++) sink(`line number ${i}`)
    expect((await readdir(temp.dir)).sort()).toEqual(['mountbar.log', 'mountbar.log.1'])
    expect(await readFile(`${filePath}.1`, 'utf8')).toBe('line number 6\nline number 7\n')
    expect(await readFile(filePath, 'utf8')).toBe('line number 8\nline number 9\n')
  })

  test('that cannot be written does not fail its writer', async () => {
    await using temp = await makeTempDir('log')
    await writeFile(join(temp.dir, 'file'), '')
    createLogFile({ filePath: join(temp.dir, 'file', 'mountbar.log'), maxBytes: 100 })('line')
    await mkdir(join(temp.dir, 'folder'))
    createLogFile({ filePath: join(temp.dir, 'folder'), maxBytes: 1_000_000 })('line')
    expect((await readdir(temp.dir)).sort()).toEqual(['file', 'folder'])
  })
})
