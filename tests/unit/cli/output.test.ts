import { PassThrough } from 'node:stream'

import { describe, expect, test } from 'vitest'

import { renderLiveLine } from '../../../src-main/cli/demo/live-line.ts'
import { exitCodes, exitForError } from '../../../src-main/cli/exit-codes.ts'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMs,
  formatPath,
} from '../../../src-main/lib/format.ts'
import { renderTable } from '../../../src-main/cli/output/table.ts'
import { createTerminal } from '../../../src-main/cli/output/terminal.ts'
import { errorCodes } from '../../../src-main/shared/errors.ts'
import { idleCounters } from '../../fakes/fake-fronts.ts'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [52_428_800, '52.4 MB'],
  [999_960, '1.0 MB'],
  [5e12, '5.0 TB'],
  [5e15, '5000.0 TB'],
])('%i bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([
  [0.42, '0.4 ms'],
  [12.4, '12 ms'],
  [1_500, '1.5 s'],
])('%f ms are %s', (ms, text) => {
  expect(formatMs(ms)).toBe(text)
})

test.each([
  [999, '0 s'],
  [59_000, '59 s'],
  [61_000, '1 min'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [90_000_000, '1 d 1 h'],
])('%i ms last %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test('counts have their noun in the right number', () => {
  expect([0, 1, 12_345].map((count) => formatCount(count, 'request'))).toEqual([
    '0 requests',
    '1 request',
    '12,345 requests',
  ])
})

test.each([
  ['/home/me', '~'],
  ['/home/me/x', '~/x'],
  ['/home/melon', '/home/melon'],
])('%s is shown as %s', (path, text) => {
  expect(formatPath(path, '/home/me')).toBe(text)
})

test('columns line up, whatever colours and emoji are in them', () => {
  const rows = renderTable([
    ['NAME', 'STATE'],
    ['\u001b[1mPhotos\u001b[22m', 'x'],
    ['Müsik 🎵', 'y'],
  ])
  expect(rows).toEqual(['NAME       STATE', '\u001b[1mPhotos\u001b[22m     x', 'Müsik 🎵   y'])
})

describe('a terminal', () => {
  function capture({ isTTY, columns = 40 }: { isTTY: boolean; columns?: number }) {
    // What a terminal adds to a stream is all that the code asks of it.
    const stdout = Object.assign(new PassThrough(), { isTTY, columns }) as unknown as NodeJS.WriteStream
    const modes: boolean[] = []
    const keys = Object.assign(new PassThrough(), {
      isTTY,
      setRawMode: (isRaw: boolean) => void modes.push(isRaw),
    })
    const terminal = createTerminal({
      stdin: keys as unknown as NodeJS.ReadStream,
      stdout,
      stderr: stdout,
    })
    return { terminal, keys, modes, written: () => String((stdout as unknown as PassThrough).read() ?? '') }
  }

  test.each([
    ['y', true],
    ['Yes', true],
    ['n', false],
    ['', false],
    ['yesterday', false],
  ])('asks, and takes the answer “%s” as %s', async (answer, meaning) => {
    const { terminal, keys, written } = capture({ isTTY: true })
    const asked = terminal.confirm('Really?', new AbortController().signal)
    keys.write(`${answer}\n`)
    expect(await asked).toBe(meaning)
    expect(written()).toBe('Really? [y/N] ')
  })

  test.each([
    ['123456\r', '123456'],
    ['12345\u007f56\n', '123456'],
    ['wrong\u0015123456\r', '123456'],
    ['123\u0003', undefined],
    ['\u0004', undefined],
  ])('asks for what is not shown, and takes %j as %s', async (typed, meaning) => {
    const { terminal, keys, modes, written } = capture({ isTTY: true })
    const asked = terminal.askHidden('Code: ', new AbortController().signal)
    for (const key of typed) keys.write(key)
    expect(await asked).toBe(meaning)
    expect(written()).toBe('Code: \n')
    expect(modes).toEqual([true, false])
    expect(keys.listenerCount('data')).toBe(0)
  })

  test('asks nobody in a pipe, and no longer once it is called off', async () => {
    const piped = capture({ isTTY: false })
    expect(piped.terminal.canAsk).toBe(false)
    expect(await piped.terminal.askHidden('Code: ', new AbortController().signal)).toBeUndefined()
    expect(piped.written()).toBe('')
    const { terminal, modes } = capture({ isTTY: true })
    const interrupt = new AbortController()
    const asked = terminal.askHidden('Code: ', interrupt.signal)
    interrupt.abort()
    expect(await asked).toBeUndefined()
    expect(modes).toEqual([true, false])
  })

  test('takes Ctrl-C, and a pipe that nobody can answer from, for no', async () => {
    const interrupt = new AbortController()
    const asked = capture({ isTTY: true }).terminal.confirm('Really?', interrupt.signal)
    interrupt.abort()
    expect(await asked).toBe(false)
    const piped = capture({ isTTY: false })
    piped.keys.write('y\n')
    expect(await piped.terminal.confirm('Really?', new AbortController().signal)).toBe(false)
    expect(piped.written()).toBe('')
  })

  test('draws over what it drew, and goes on below it afterwards', () => {
    const { terminal, written } = capture({ isTTY: true })
    terminal.draw(['one', 'two'])
    expect(written()).toBe('\r\u001b[2Kone\n\u001b[2Ktwo\n\u001b[0J')
    terminal.draw(['three'])
    expect(written()).toBe('\u001b[2A\r\u001b[2Kthree\n\u001b[0J')
    terminal.print('done')
    terminal.draw(['four'])
    expect(written()).toBe('done\n\r\u001b[2Kfour\n\u001b[0J')
  })

  test('cuts a line that would wrap and could not be drawn over', () => {
    const { terminal, written } = capture({ isTTY: true, columns: 8 })
    terminal.draw(['123456789'])
    expect(written()).toContain('1234567…\n')
  })

  test('draws nothing into a pipe', () => {
    const { terminal, written } = capture({ isTTY: false })
    terminal.draw(['one'])
    expect(written()).toBe('')
  })

  test('has no colours where nobody sees them', () => {
    const { terminal } = capture({ isTTY: false })
    expect(terminal.red('x')).toBe('x')
  })

  test('prints JSON on one line', () => {
    const { terminal, written } = capture({ isTTY: false })
    terminal.printJson({ a: 'b\nc' })
    expect(written()).toBe('{"a":"b\\nc"}\n')
  })
})

test('every error ends in one of the documented exit codes, and none in success', () => {
  for (const code of errorCodes) expect(exitCodes[exitForError(code)].status).toBeGreaterThan(0)
  expect(exitForError('unexpected')).toBe('failed')
  expect(exitForError('mounter-missing')).toBe('missing')
})

describe('the live line', () => {
  const counters = {
    ...idleCounters,
    requests: 150,
    bytesOut: 1_500_000,
    bytesIn: 10,
    latencyMs: { p50: 1.23, p95: 45.6, max: 80 },
  }

  test('shows totals, the rate since the sample before, and latencies', () => {
    const before = { counters: { ...counters, requests: 100 }, atMs: 1_000 }
    expect(renderLiveLine({ counters, atMs: 1_500 }, before)).toBe(
      '150 requests · 100/s · p50 1.2 ms · p95 46 ms · ↓ 1.5 MB · ↑ 10 B',
    )
  })

  test('shows no rate at first, and none below zero when the front was restarted', () => {
    expect(renderLiveLine({ counters, atMs: 0 }, undefined)).toContain('· 0/s ·')
    const before = { counters: { ...counters, requests: 500 }, atMs: 0 }
    expect(renderLiveLine({ counters, atMs: 500 }, before)).toContain('· 0/s ·')
  })
})
