import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { createRunProcess } from '../../../src-main/lib/run-process.ts'
import { makeTempDir } from '../../harness/temp-dir.ts'
import { waitFor } from '../../harness/wait-for.ts'

const run = createRunProcess(process.env)
const node = process.execPath
const limits = { timeoutMs: 10_000 }

/** Runs a line of JavaScript in a Node of its own. */
const script = (code: string, options: Partial<Parameters<typeof run>[2]> = {}) =>
  run(node, ['-e', code], { ...limits, ...options })

describe('a program that runs to its end', () => {
  test('resolves with its exit code and what it wrote, byte for byte', async () => {
    const result = await script(`console.log('out'); console.error('err'); process.exitCode = 3`)
    expect(result).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' })
  })

  test('gets its arguments as they are: there is no shell', async () => {
    const args = ['$HOME', '`id`', 'a b', '*', "it's", ';', '']
    const result = await run(node, ['-p', 'JSON.stringify(process.argv.slice(1))', '--', ...args], limits)
    expect(JSON.parse(result.stdout)).toEqual(args)
  })

  test('gets what is given on stdin, and an empty stdin otherwise', async () => {
    const echo = 'process.stdin.pipe(process.stdout)'
    expect((await script(echo, { input: 'sëcret' })).stdout).toBe('sëcret')
    expect((await script(echo)).stdout).toBe('')
  })

  test('is found on PATH by its name', async () => {
    expect((await run('true', [], limits)).exitCode).toBe(0)
  })

  test('sees only the variables that are on the list, one language, and what it was given', async () => {
    const bare = createRunProcess({
      PATH: '/bin',
      HOME: '/home/me',
      http_proxy: 'http://proxy/',
      AWS_SECRET_ACCESS_KEY: 'x',
      NODE_OPTIONS: '--no-such-option',
      LANG: 'de_DE',
    })
    const { stdout } = await bare(node, ['-p', 'JSON.stringify(process.env)'], {
      ...limits,
      env: { EXTRA: '1' },
    })
    expect(JSON.parse(stdout)).toEqual({ PATH: '/bin', HOME: '/home/me', LC_ALL: 'C.UTF-8', EXTRA: '1' })
  })
})

describe('a program that does not', () => {
  test.each(['/no/such/program', 'no-such-program-anywhere'])('exist (%s) is missing', async (program) => {
    await expect(run(program, [], limits)).rejects.toMatchObject({ reason: 'missing', program })
  })

  test('end in time is ended', async () => {
    await expect(script('setInterval(() => {}, 1000)', { timeoutMs: 300 })).rejects.toMatchObject({
      reason: 'timed-out',
    })
  })

  test('heed SIGTERM is killed', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`
    await expect(script(stubborn, { timeoutMs: 500 })).rejects.toMatchObject({ reason: 'timed-out' })
  })

  test('end by itself crashed', async () => {
    await expect(script(`process.kill(process.pid, 'SIGSEGV')`)).rejects.toMatchObject({ reason: 'crashed' })
  })

  test('stop writing crashed, and its output is not kept', async () => {
    const flood = `const line = 'x'.repeat(1e5); const more = () => process.stdout.write(line, more); more()`
    await expect(script(flood)).rejects.toMatchObject({ reason: 'crashed' })
  })

  test('start because the file is no program crashed', async () => {
    await using temp = await makeTempDir('run')
    const path = join(temp.dir, 'no-program')
    await writeFile(path, 'text', { mode: 0o600 })
    await expect(run(path, [], limits)).rejects.toMatchObject({ reason: 'crashed' })
  })
})

describe('cancelling', () => {
  test('ends the program', async () => {
    await using temp = await makeTempDir('run')
    const pidPath = join(temp.dir, 'pid')
    const cancel = new AbortController()
    const write = `require('fs').writeFileSync(${JSON.stringify(pidPath)}, String(process.pid))`
    const running = script(`${write}; setInterval(() => {}, 1000)`, { signal: cancel.signal })
    const cancelled = expect(running).rejects.toMatchObject({ reason: 'cancelled' })
    const pid = await waitFor(() => readFile(pidPath, 'utf8').then(Number, () => undefined), {
      what: 'the program to run',
    })
    cancel.abort()
    await cancelled
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  test('before the start starts nothing', async () => {
    const running = run('/no/such/program', [], { ...limits, signal: AbortSignal.abort() })
    await expect(running).rejects.toMatchObject({ reason: 'cancelled' })
  })
})
