import { connect } from 'node:net'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { forwardPublishedPorts, type PublishedPorts } from '../../../harness/vm/published-ports.ts'

let said: string[]
let refusal: string
let ports: PublishedPorts

beforeEach(async () => {
  said = []
  refusal = ''
  ports = await forwardPublishedPorts({
    // Later than at once: by then the guest has closed its half.
    monitor: (line) =>
      new Promise((resolve) => {
        said.push(line)
        setTimeout(() => resolve(refusal), 50)
      }),
  })
})
afterEach(() => ports[Symbol.asyncDispose]())

/** As the guest's rig-proxy does: says it, closes its half, waits for the answer. */
async function ask(line: string): Promise<string> {
  const socket = connect({ port: ports.port, host: '127.0.0.1', allowHalfOpen: true }).setEncoding('utf8')
  socket.end(`${line}\n`)
  return (await socket.toArray()).join('')
}

test('a port that a container publishes is forwarded, and no longer when it is gone', async () => {
  expect(await ask('add 8080')).toBe('ok\n')
  expect(await ask('del 8080')).toBe('ok\n')
  expect(said).toEqual([
    'hostfwd_add n0 tcp:127.0.0.1:8080-10.0.2.15:8080',
    'hostfwd_remove n0 tcp:127.0.0.1:8080',
  ])
})

test('the engine is told why a port cannot be had', async () => {
  refusal = 'Could not set up host forwarding rule'
  expect(await ask('add 80')).toBe('Could not set up host forwarding rule\n')
})

test('anything else is refused without asking QEMU', async () => {
  expect(await ask('add 80; quit')).toBe('not understood: add 80; quit\n')
  expect(said).toEqual([])
})
