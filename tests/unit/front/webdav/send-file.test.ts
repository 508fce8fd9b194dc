import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'

import { expect, it } from 'vitest'

import { respondWithFile } from '../../../../src-main/front/webdav/body/send-file.ts'
import { chunksOf } from '../../../fakes/memory-backend.ts'

it.each([
  ['of one piece', 5],
  ['of several', 2],
])('gives a file %s back when its first bytes come after the client has left', async (_what, chunkBytes) => {
  const responses = Promise.withResolvers<ServerResponse>()
  await using server = createServer((_request, response) => responses.resolve(response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.write('GET / HTTP/1.1\r\nHost: mac\r\n\r\n')
  const response = await responses.promise
  client.destroy()
  await once(response, 'close')

  let isClosed = false
  const close = (): Promise<void> => {
    isClosed = true
    return Promise.resolve()
  }
  const opened = { body: chunksOf('hello', chunkBytes), length: 5, close }
  await respondWithFile(response, 200, ['Content-Length', '5'], opened).catch(() => undefined)
  expect(isClosed).toBe(true)
})
