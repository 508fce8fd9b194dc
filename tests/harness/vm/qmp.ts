import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

import { z } from 'zod'

/** QEMU's control socket. */
export interface Qmp extends Disposable {
  /** @throws with QEMU's own words when it refuses, and when it is gone. */
  execute(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>
  /** A command of the human monitor, for the few that have no other form; gives what it prints. */
  monitor(line: string): Promise<string>
}

const replySchema = z.union([
  z.object({ return: z.unknown() }),
  z.object({ error: z.object({ desc: z.string() }) }),
  // The greeting, and events such as STOP and RESUME.
  z.looseObject({}).transform(() => undefined),
])

interface Waiter {
  resolve(answer: unknown): void
  reject(error: Error): void
}

export async function connectQmp(socketPath: string): Promise<Qmp> {
  const socket = connect(socketPath)
  const waiters: Waiter[] = []
  await once(socket, 'connect')
  const fail = (error: Error) => {
    for (const waiter of waiters.splice(0)) waiter.reject(error)
  }
  // The reader hands the socket's errors on: a QEMU that quits may reset the connection.
  const lines = createInterface(socket).on('error', fail)
  lines.on('line', (line) => {
    const reply = replyOf(line)
    if (reply === undefined) return
    const waiter = waiters.shift()
    if ('error' in reply) waiter?.reject(new Error(`QEMU: ${reply.error.desc}`))
    else waiter?.resolve(reply.return)
  })
  socket.on('error', fail).on('close', () => fail(new Error('QEMU is gone')))

  const execute: Qmp['execute'] = (command, args) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    if (socket.destroyed) return Promise.reject(new Error('QEMU is gone'))
    waiters.push({ resolve, reject })
    socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`)
    return promise
  }
  await execute('qmp_capabilities')
  return {
    execute,
    monitor: async (line) => {
      const answer = await execute('human-monitor-command', { 'command-line': line })
      return z.string().parse(answer).trim()
    },
    [Symbol.dispose]: () => socket.destroy(),
  }
}

/** Undefined for what answers nothing: a greeting, an event, or the half line of a QEMU that was killed. */
function replyOf(line: string): z.output<typeof replySchema> {
  try {
    return replySchema.parse(JSON.parse(line))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
