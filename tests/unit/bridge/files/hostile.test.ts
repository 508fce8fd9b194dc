import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'

import { useServedFolder } from './served-folder.ts'
import { drawn } from '../../../harness/drawn.ts'

const folder = useServedFolder()

beforeEach(async () => {
  await mkdir(folder().outside('directory'))
  await writeFile(folder().outside('secret'), 'secret')
  await writeFile(folder().outside('directory/secret'), 'secret')
  await writeFile(folder().real('inside'), 'inside')
  await symlink(folder().outside('secret'), folder().real('to a file'))
  await symlink('../outside/directory', folder().real('to a directory'))
  await symlink('..', folder().real('up'))
})

async function outsideAsItWas(): Promise<void> {
  expect((await readdir(folder().outsideDir, { recursive: true })).sort()).toEqual([
    'directory',
    'directory/secret',
    'secret',
  ])
  expect(await readFile(folder().outside('secret'), 'utf8')).toBe('secret')
}

describe('links out of the root', () => {
  it.each([
    'to a file',
    'to a directory',
    'to a directory/secret',
    'to a directory/absent',
    'up/outside/secret',
    'up/outside/absent/deeper',
  ])('refuse everything at %s', async (path) => {
    const codes = [
      await folder().code('GET', 'attributes', { path }),
      await folder().code('GET', 'directory', { path }),
      await folder().code('GET', 'content', { path }),
      await folder().code('PUT', 'content', { path }, { body: 'new' }),
      await folder().code('POST', 'move', { from: path, to: 'moved' }),
      await folder().code('POST', 'move', { from: 'inside', to: path }),
      await folder().code('DELETE', 'entry', { path }),
      await folder().code('PUT', 'times', { path, modifiedMs: 0 }),
      await folder().code('GET', 'export-status', { path }),
    ]
    expect(new Set(codes)).toEqual(new Set(['outside-root']))
    expect(await folder().names()).toEqual(['inside'])
    await outsideAsItWas()
  })
})

describe('hostile requests', { timeout: 30_000 }, () => {
  it.each([
    '../outside/secret',
    '..',
    '/etc/passwd',
    'a/../../outside/secret',
    'inside\0',
    './inside',
    'inside/',
  ])('to %j are refused by every route', async (path) => {
    expect(await folder().code('GET', 'attributes', { path })).toBe('bad-request')
    expect(await folder().code('GET', 'content', { path })).toBe('bad-request')
    expect(await folder().code('PUT', 'content', { path }, { body: 'x' })).toBe('bad-request')
    expect(await folder().code('DELETE', 'entry', { path })).toBe('bad-request')
    expect(await folder().code('POST', 'move', { from: 'inside', to: path })).toBe('bad-request')
    await outsideAsItWas()
  })

  it('with the most twisted paths never show or change what lies outside', async () => {
    const component = fc.constantFrom(
      '..',
      '.',
      '',
      'up',
      'to a directory',
      'outside',
      'secret',
      'inside',
      'root',
      '%2e%2e',
      '..%2f',
    )
    const methods = fc.constantFrom(
      ['GET', 'content'] as const,
      ['PUT', 'content'] as const,
      ['DELETE', 'entry'] as const,
      ['GET', 'directory'] as const,
    )
    const paths = fc.array(component, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'))
    await fc.assert(
      fc.asyncProperty(methods, paths, async ([method, route], path) => {
        const reply = await folder().ask(method, route, { path }, method === 'PUT' ? { body: 'changed' } : {})
        expect(reply.text).not.toMatch(/^secret/)
        expect(reply.status).not.toBe(503)
      }),
      drawn(150),
    )
    await outsideAsItWas()
  })

  it.each([
    ['too much in the head', `GET /v1/space HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`, '431'],
    ['no HTTP', 'HELLO\r\n\r\n', '400'],
    [
      'two lengths',
      'PUT /v1/content?path=x HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      '400',
    ],
    [
      'a length and chunks',
      'PUT /v1/content?path=x HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
  ])('with %s are refused', async (_what, request, status) => {
    const socket = connect(folder().port, '127.0.0.1')
    socket.write(request)
    expect(await text(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(await folder().names()).toEqual(['inside'])
  })

  it('for two paths of the greatest length have room', async () => {
    const path = Array.from({ length: 17 }, () => 'ä'.repeat(117)).join('/')
    expect(await folder().code('POST', 'move', { from: path, to: path })).toBe('not-found')
  })
})
