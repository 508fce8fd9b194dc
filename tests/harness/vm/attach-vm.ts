import { connect } from 'node:net'

import { vmAnswerSchema, vmFactsSchema, type VmCall } from './share-vm.ts'
import type { Vm } from './start-vm.ts'

/** A VM that belongs to somebody else: all that may be done to it but its end. */
export type AttachedVm = Omit<Vm, 'kill' | typeof Symbol.asyncDispose>

/** The VM that `shareVm` lends at `port`. Starts it when nobody has asked for it yet. */
export async function attachVm(port: number): Promise<AttachedVm> {
  const ask = (call: VmCall) => askVm(port, call)
  const order = async (call: VmCall) => {
    await ask(call)
  }
  const { dockerHost, pid } = vmFactsSchema.parse(await ask({ call: 'describe' }))
  return {
    dockerHost,
    pid,
    exec: async (command, { limitMs } = {}) =>
      String(await ask({ call: 'exec', command, ...(limitMs === undefined ? {} : { limitMs }) })),
    pause: () => order({ call: 'pause' }),
    resume: () => order({ call: 'resume' }),
    cutNetwork: () => order({ call: 'cutNetwork' }),
    restoreNetwork: () => order({ call: 'restoreNetwork' }),
    restartEngine: () => order({ call: 'restartEngine' }),
    setDelay: (ms) => order({ call: 'setDelay', ms }),
  }
}

/** @throws what went wrong there, in its words. */
async function askVm(port: number, call: VmCall): Promise<unknown> {
  const socket = connect({ port, host: '127.0.0.1' })
  try {
    socket.write(`${JSON.stringify(call)}\n`)
    const said = (await socket.setEncoding('utf8').toArray()).join('')
    const answer = vmAnswerSchema.parse(JSON.parse(said))
    if ('error' in answer) throw new Error(answer.error)
    return answer.result
  } finally {
    socket.destroy()
  }
}
