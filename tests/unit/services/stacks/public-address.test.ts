import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { createPublicAddress } from '../../../../src-main/services/stacks/aws/public-address.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'

let server: Server
let answer: (response: ServerResponse) => void
let url: string

beforeEach(async () => {
  server = createServer((_request, response) => answer(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const ask = (clock = new FakeClock(), signal = new AbortController().signal): Promise<string> =>
  createPublicAddress({ clock, url })(signal)

test('the answer is the address', async () => {
  answer = (response) => response.end('203.0.113.7\n')
  await expect(ask()).resolves.toBe('203.0.113.7')
})

test.each<[string, (response: ServerResponse) => void]>([
  ['a page to sign in to a network', (response) => response.end('<html>Welcome</html>')],
  ['an IPv6 address', (response) => response.end('2001:db8::1')],
  ['a number out of range', (response) => response.end('203.0.113.700')],
  ['a failure', (response) => response.writeHead(503).end('203.0.113.7')],
  ['a cut connection', (response) => response.destroy()],
])('%s is no answer', async (_what, answering) => {
  answer = answering
  await expect(ask()).rejects.toMatchObject({ code: 'public-address-unknown' })
})

test('no answer is not waited for without end', async () => {
  const clock = new FakeClock()
  const asked = new Promise<void>((resolve) => {
    answer = () => resolve()
  })
  const told = ask(clock)
  const judged = expect(told).rejects.toMatchObject({ code: 'public-address-unknown' })
  await asked
  await clock.advance(10_000)
  await judged
})

test('whoever gives up is not told a failure of the network', async () => {
  const stop = new AbortController()
  answer = () => stop.abort(new Error('never mind'))
  await expect(ask(new FakeClock(), stop.signal)).rejects.toThrow('never mind')
})
