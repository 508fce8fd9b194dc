import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { systemClock } from '../../../../src-main/lib/clock.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'
import { openTcpLink, type TcpLink } from '../../../harness/s3files/link/tcp-link.ts'
import { waitFor, within } from '../../../harness/wait-for.ts'

let server: Server
let accepted: Socket[]
let link: TcpLink
let clients: Socket[]

beforeEach(async () => {
  accepted = []
  clients = []
  server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket)
    socket.on('error', () => undefined)
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  link = await open()
})
afterEach(async () => {
  for (const client of clients) client.destroy()
  await link[Symbol.asyncDispose]()
  server.close()
})

function open(clock = systemClock): Promise<TcpLink> {
  const { port } = server.address() as AddressInfo
  return openTcpLink({ to: { host: '127.0.0.1', port }, host: '127.0.0.1', port: 0, clock })
}

async function dial(port = link.port): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port })
  clients.push(socket)
  socket.on('error', () => undefined)
  await within(once(socket, 'connect'), 'the connection')
  return socket
}

async function echoed(socket: Socket, text: string): Promise<string> {
  socket.write(text)
  let got = ''
  const collect = (chunk: Buffer): void => void (got += chunk.toString())
  socket.on('data', collect)
  await waitFor(() => got.length >= text.length, { what: `the echo of ${text.slice(0, 20)}` })
  socket.off('data', collect)
  return got
}

test('a link in good condition passes everything, and the end of it', async () => {
  const socket = await dial()
  const text = 'x'.repeat(3_000_000)
  expect((await echoed(socket, text)) === text).toBe(true)
  socket.end()
  socket.resume()
  await within(once(socket, 'end'), 'the end')
  await waitFor(() => link.connectionCount === 0, { what: 'the link to forget the connection' })
})

test('a cut link passes nothing, tells nobody, and delivers what was sent once it is mended', async () => {
  const socket = await dial()
  await echoed(socket, 'before')
  link.change({ isCut: true })
  const answers: string[] = []
  socket.on('data', (chunk: Buffer) => void answers.push(chunk.toString()))
  socket.write('during')
  const late = await dial()
  late.write('new')
  await waitFor(() => link.connectionCount === 2, { what: 'both connections' })
  // A round trip that does not go through the link: time enough for anything that leaked.
  await echoed(await dial((server.address() as AddressInfo).port), 'meanwhile')
  expect(answers).toEqual([])
  expect(accepted[0]?.bytesRead).toBe('before'.length)
  expect(socket.closed).toBe(false)
  link.change({ isCut: false })
  await waitFor(() => answers.join('') === 'during', { what: 'the answer' })
})

describe('delay and bandwidth', () => {
  test('a delay holds what is sent for its time, each way', async () => {
    const clock = new FakeClock()
    await link[Symbol.asyncDispose]()
    link = await open(clock)
    link.change({ delayMs: { toServer: 20, toClient: 30 } })
    const socket = await dial()
    let got = ''
    socket.on('data', (chunk: Buffer) => void (got += chunk.toString()))
    socket.write('hello')
    await waitFor(() => clock.pendingCount === 1, { what: 'the bytes to be on their way' })
    expect(accepted[0]?.bytesRead ?? 0).toBe(0)
    await clock.advance(20)
    await waitFor(() => accepted[0]?.bytesRead === 5 && clock.pendingCount === 1, {
      what: 'the answer to be on its way',
    })
    expect(got).toBe('')
    await clock.advance(30)
    await waitFor(() => got === 'hello', { what: 'the answer' })
  })

  test('a narrow link takes its time for every byte', async () => {
    const clock = new FakeClock()
    await link[Symbol.asyncDispose]()
    link = await open(clock)
    link.change({ bytesPerSecond: 1000 })
    const socket = await dial()
    socket.write('x'.repeat(500))
    await waitFor(() => clock.pendingCount === 1, { what: 'the bytes to be on their way' })
    await clock.advance(499)
    expect(accepted[0]?.bytesRead ?? 0).toBe(0)
    await clock.advance(1)
    await waitFor(() => accepted[0]?.bytesRead === 500, { what: 'the bytes' })
  })
})

describe('ending connections', () => {
  test('by closing them is an orderly end', async () => {
    const socket = await dial()
    await echoed(socket, 'x')
    const errors: Error[] = []
    socket.on('error', (error) => void errors.push(error))
    socket.resume()
    link.endConnections('close')
    await within(once(socket, 'close'), 'the close')
    expect(errors).toEqual([])
    await waitFor(() => accepted[0]?.closed, { what: 'the server to see it' })
  })

  test('by resetting them is an error', async () => {
    const socket = await dial()
    await echoed(socket, 'x')
    const failed = once(socket, 'error')
    link.endConnections('reset')
    expect(await within(failed, 'the reset')).toMatchObject([{ code: 'ECONNRESET' }])
  })

  test('leaves the link open for new ones', async () => {
    await dial()
    link.endConnections('reset')
    expect(await echoed(await dial(), 'again')).toBe('again')
  })

  test('also happens when the server resets', async () => {
    const socket = await dial()
    await echoed(socket, 'x')
    const failed = once(socket, 'error')
    accepted[0]!.resetAndDestroy()
    expect(await within(failed, 'the reset')).toMatchObject([{ code: 'ECONNRESET' }])
  })
})

test('a link that does not listen refuses, keeps what is there, and listens again on the same port', async () => {
  const { port } = link
  const socket = await dial()
  await echoed(socket, 'x')
  link.stopListening()
  await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect(await echoed(socket, 'still there')).toBe('still there')
  await link.listenAgain()
  expect(link.port).toBe(port)
  expect(await echoed(await dial(), 'back')).toBe('back')
})
