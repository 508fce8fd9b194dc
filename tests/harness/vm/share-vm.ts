import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'

import { z } from 'zod'

import type { Vm } from './start-vm.ts'

/** What the other side of `attachVm` is asked: one line of JSON per connection. */
export const vmCallSchema = z.discriminatedUnion('call', [
  z.object({ call: z.literal('describe') }),
  z.object({ call: z.literal('exec'), command: z.string(), limitMs: z.number().optional() }),
  z.object({ call: z.enum(['pause', 'resume', 'cutNetwork', 'restoreNetwork', 'restartEngine']) }),
  z.object({ call: z.literal('setDelay'), ms: z.number() }),
])
export type VmCall = z.output<typeof vmCallSchema>

export const vmAnswerSchema = z.union([z.object({ result: z.unknown() }), z.object({ error: z.string() })])

export const vmFactsSchema = z.object({ dockerHost: z.string(), pid: z.number() })

export interface SharedVm extends AsyncDisposable {
  /** On loopback, for `attachVm`. */
  readonly port: number
}

/**
 * Lends one VM to other processes: each test file is a process of its own, and a VM lives in the one that started it. It is started
 * when somebody first asks for it.
 */
export async function shareVm(start: () => Promise<Vm>): Promise<SharedVm> {
  let starting: Promise<Vm> | undefined
  const vm = (): Promise<Vm> => (starting ??= start())
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const giveUp = () => socket.destroy()
    socket.on('error', giveUp)
    const lines = createInterface(socket).on('error', giveUp)
    lines.once('line', (line) => {
      void answer(vm, line).then((reply) => socket.end(`${JSON.stringify(reply)}\n`))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.close()
      await (await starting?.catch(() => undefined))?.[Symbol.asyncDispose]()
    },
  }
}

async function answer(vm: () => Promise<Vm>, line: string): Promise<z.input<typeof vmAnswerSchema>> {
  try {
    return { result: await perform(await vm(), vmCallSchema.parse(JSON.parse(line))) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

/** `null` for what has nothing to tell: JSON knows no `undefined`. */
async function perform(vm: Vm, order: VmCall): Promise<unknown> {
  if (order.call === 'describe') return { dockerHost: vm.dockerHost, pid: vm.pid }
  if (order.call === 'exec')
    return await vm.exec(order.command, order.limitMs === undefined ? {} : { limitMs: order.limitMs })
  if (order.call === 'setDelay') await vm.setDelay(order.ms)
  else await vm[order.call]()
  return null
}
