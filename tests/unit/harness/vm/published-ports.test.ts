import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { needs } from '../../../harness/needs.ts'
import { freePort } from '../../../harness/nfs/free-port.ts'
import { forwardPublishedPorts, type PublishedPorts } from '../../../harness/vm/published-ports.ts'

let said: string[]
let refusal: string
let ports: PublishedPorts
/** Stands where QEMU listens and the container answers: echoes. Like QEMU's, its queue holds two. */
let forward: Server

beforeEach(async () => {
  said = []
  refusal = ''
  forward = createServer((socket) => socket.pipe(socket)).listen({ port: 0, host: '127.0.0.1', backlog: 1 })
  await once(forward, 'listening')
  ports = await forwardPublishedPorts({
    // Later than at once: by then the guest has closed its half.
    monitor: (line) =>
      new Promise((resolve) => {
        said.push(line)
        setTimeout(() => resolve(line === 'info usernet' ? usernet() : refusal), 50)
      }),
  })
})
afterEach(async () => {
  await ports[Symbol.asyncDispose]()
  forward.close()
})

const qemuPort = () => (forward.address() as AddressInfo).port

/** QEMU's table, for the port that was asked for last. */
function usernet(): string {
  const guestPort = said
    .findLast((line) => line.startsWith('hostfwd_add'))
    ?.split(':')
    .at(-1)
  return `  TCP[HOST_FORWARD]  12       127.0.0.1 ${qemuPort()}       10.0.2.15  ${guestPort}     0     0\n`
}

/** As the guest's rig-proxy does: says it, closes its half, waits for the answer. */
async function ask(line: string): Promise<string> {
  const socket = connect({ port: ports.port, host: '127.0.0.1', allowHalfOpen: true }).setEncoding('utf8')
  socket.end(`${line}\n`)
  return (await socket.toArray()).join('')
}

async function echoed(port: number, text: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).setEncoding('utf8')
  socket.end(text)
  return (await socket.toArray()).join('')
}

needs('linux')('a port that a container publishes', () => {
  test('is forwarded, and no longer when the container is gone', async () => {
    const port = await freePort()
    expect(await ask(`add ${port}`)).toBe('ok\n')
    expect(await echoed(port, 'hello')).toBe('hello')
    expect(await ask(`del ${port}`)).toBe('ok\n')
    await expect(echoed(port, 'hello')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(said).toEqual([
      `hostfwd_add n0 tcp:127.0.0.1:0-10.0.2.15:${port}`,
      'info usernet',
      `hostfwd_remove n0 tcp:127.0.0.1:${qemuPort()}`,
    ])
  })

  test('takes a hundred connections at once, which QEMU’s own would not', async () => {
    const port = await freePort()
    await ask(`add ${port}`)
    const texts = Array.from({ length: 100 }, (_, index) => `connection ${index}`)
    expect(await Promise.all(texts.map((text) => echoed(port, text)))).toEqual(texts)
  })

  test('that is taken on this machine is refused, and QEMU forwards nothing', async () => {
    expect(await ask(`add ${qemuPort()}`)).toContain('EADDRINUSE')
    expect(said.at(-1)).toMatch(/^hostfwd_remove/)
  })
})

describe('the guest', () => {
  test('is told why a port cannot be had', async () => {
    refusal = 'Could not set up host forwarding rule'
    expect(await ask('add 80')).toBe('Could not set up host forwarding rule\n')
  })

  test('is refused anything else without asking QEMU', async () => {
    expect(await ask('add 80; quit')).toBe('not understood: add 80; quit\n')
    expect(said).toEqual([])
  })
})
