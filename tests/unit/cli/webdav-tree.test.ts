import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, beforeEach, expect, test } from 'vitest'

import type { TreeAccess } from '../../../src-main/cli/demo/tree-access.ts'
import { webdavTree } from '../../../src-main/cli/demo/webdav-tree.ts'

const { signal } = new AbortController()

let server: Server
let seen: string[]
let answer: { status: number; body: string }
let tree: TreeAccess

beforeEach(async () => {
  seen = []
  answer = { status: 204, body: '' }
  server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    const extra = [headers.depth, headers.destination].filter((value) => value !== undefined)
    seen.push([method, url, ...extra].join(' '))
    request.resume()
    response.writeHead(answer.status).end(answer.status === 204 ? undefined : answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  tree = webdavTree(`http://127.0.0.1:${port}/secret/`)
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

test('a listing has the names of the children, decoded, and not the folder itself', async () => {
  const hrefs = [
    '/secret/a%20b/',
    '/secret/a%20b/x%26y.txt',
    '/secret/a%20b/%F0%9F%9A%80/',
    '/secret/a%20b/%25.txt',
  ]
  const responses = hrefs.map((href) => `<D:response><D:href>${href}</D:href></D:response>`)
  answer = { status: 207, body: `<D:multistatus xmlns:D="DAV:">${responses.join('')}</D:multistatus>` }
  expect(await tree.list('a b', signal)).toEqual(['x&y.txt', '🚀', '%.txt'])
  expect(seen).toEqual(['PROPFIND /secret/a%20b/ 1'])
})

test('every name is encoded, and a rename names its destination in full', async () => {
  await tree.write('d/100 % & 🚀?#.txt', Buffer.from('x'), signal)
  await tree.rename('d/a', 'd/ü', signal)
  await tree.makeFolder('d/new', signal)
  await tree.removeFolder('d/new', signal)
  const { port } = server.address() as AddressInfo
  expect(seen).toEqual([
    'PUT /secret/d/100%20%25%20%26%20%F0%9F%9A%80%3F%23.txt',
    `MOVE /secret/d/a http://127.0.0.1:${port}/secret/d/%C3%BC`,
    'MKCOL /secret/d/new',
    'DELETE /secret/d/new/',
  ])
})

test('a refusal is an error that says what was refused', async () => {
  answer = { status: 423, body: 'locked' }
  await expect(tree.removeFile('a.txt', signal)).rejects.toThrow('DELETE a.txt: status 423')
})

test('bytes and checksum are those of the answer', async () => {
  answer = { status: 200, body: 'abc' }
  expect(Buffer.from(await tree.read('a', signal)).toString()).toBe('abc')
  expect(await tree.checksum('a', signal)).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})
