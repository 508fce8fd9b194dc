import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

import { describe, expect, it } from 'vitest'

import { makeTempDir } from '../../../harness/temp-dir.ts'
import { within } from '../../../harness/wait-for.ts'

const mainPath = new URL('../../../../docker/bridge/agent/files/main.ts', import.meta.url).pathname
const token = '0f'.repeat(32)

function start(): ChildProcessWithoutNullStreams & Disposable {
  const child = spawn(process.execPath, [mainPath], { env: { ...process.env, UV_THREADPOOL_SIZE: '64' } })
  return Object.assign(child, { [Symbol.dispose]: () => void child.kill('SIGKILL') })
}

async function exitCodeOf(child: ChildProcessWithoutNullStreams): Promise<unknown> {
  const [code] = (await within(once(child, 'exit'), 'the file service to end')) as [number | null]
  return code
}

describe('the program', () => {
  it('says where it listens, serves, and ends with its stdin', async () => {
    await using temp = await makeTempDir('file-service')
    using child = start()
    child.stdin.write(`${JSON.stringify({ token, rootDir: temp.dir, port: 0, host: '127.0.0.1' })}\n`)
    const [line] = (await within(once(createInterface(child.stdout), 'line'), 'its first line')) as [string]
    const { type, port } = JSON.parse(line) as { type: string; port: number }
    expect(type).toBe('listening')
    const url = `http://127.0.0.1:${port}/v1/directory?path=`
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    expect((await response.text()).split('\n')).toHaveLength(3)
    const exit = exitCodeOf(child)
    child.stdin.end()
    expect(await exit).toBe(0)
  })

  it.each([
    ['is not as agreed', '{"token":"secret"}\n', 64],
    ['names a folder that is not there', `${JSON.stringify({ token, rootDir: '/nowhere', port: 0 })}\n`, 1],
  ])('ends when its start line %s, and tells no secret', async (_what, line, code) => {
    using child = start()
    child.stdin.write(line)
    const said = Promise.all([text(child.stdout), text(child.stderr)])
    expect(await exitCodeOf(child)).toBe(code)
    const output = (await said).join('')
    expect(output).not.toContain('secret')
    expect(output).not.toContain(token)
  })
})
