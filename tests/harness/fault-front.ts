import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import type { DurableStep } from '../../src-main/front/vfs/uploads/upload-store.ts'
import type { FaultInput } from '../fakes/faults.ts'
import {
  faultAnswerSchema,
  type FaultAnswer,
  type FaultCommandInput,
} from '../fixtures/fault-front-protocol.ts'
import { frontEnv, type FrontChild } from './front-process.ts'
import { startTestFront, type TestFront, type TestFrontOptions } from './front.ts'
import { within } from './wait-for.ts'

const programPath = fileURLToPath(new URL('../fixtures/fault-front.ts', import.meta.url))

/** Ends one fault; whatever it holds up goes on. Harmless in a front that has been restarted since. */
export interface InjectedFault extends AsyncDisposable {
  lift(): Promise<void>
}

export interface FaultFront extends TestFront {
  /** The front's backend goes wrong from now on; for this life of the process. */
  inject(fault: FaultInput): Promise<InjectedFault>
  /** It kills itself at the `nth` time from now that an upload passes `step`; in this life of the process. */
  dieAt(step: DurableStep, nth: number): Promise<void>
  /** Calls to the backend so far, and how many a stall holds up. */
  look(): Promise<FaultAnswer>
}

/**
 * Starts a real front process whose backend is at the mercy of the test, with an upload queue as users run it. Runs from source:
 * nothing needs to be built.
 */
export async function startFaultFront(
  options: Omit<TestFrontOptions, 'start'> & { readonly seed?: number } = {},
): Promise<FaultFront> {
  const args = [programPath, '--seed', String(options.seed ?? 1)]
  let child: ChildProcess | undefined
  const start = (): FrontChild => {
    const started = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe', 'ipc'], env: frontEnv })
    child = started
    // With an IPC channel the types lose what the first three entries say.
    return started as FrontChild
  }
  const chosen = options.config
  const config = () => ({
    writeMode: 'queued' as const,
    ...(typeof chosen === 'function' ? chosen() : chosen),
  })
  const front = await startTestFront({ ...options, config, start })

  let order: Promise<unknown> = Promise.resolve()
  const ask = (command: FaultCommandInput): Promise<FaultAnswer> => {
    const answer = order.then(async () => {
      if (child?.connected !== true) throw new Error('the front is gone')
      return faultAnswerSchema.parse(await answerOf(child, command))
    })
    order = answer.catch(() => undefined)
    return answer
  }

  let lastId = 0
  const faults = {
    look: () => ask({ type: 'look' }),
    dieAt: async (step: DurableStep, nth: number): Promise<void> => {
      await ask({ type: 'die-at', step, nth })
    },
    inject: async (fault: FaultInput): Promise<InjectedFault> => {
      const id = (lastId += 1)
      const injectedInto = child
      await ask({ type: 'inject', id, fault })
      const lift = async (): Promise<void> => {
        if (child === injectedInto && child?.connected === true) await ask({ type: 'lift', id })
      }
      return { lift, [Symbol.asyncDispose]: lift }
    },
  }
  // The front's getters must stay getters: it changes its process in a restart.
  return Object.assign(Object.create(front) as TestFront, faults)
}

/** @throws at once when the child dies instead. */
async function answerOf(child: ChildProcess, command: FaultCommandInput): Promise<unknown> {
  const over = new AbortController()
  const { signal } = over
  const { promise: notSent, reject } = Promise.withResolvers<never>()
  const gone = once(child, 'exit', { signal }).then(() => Promise.reject(new Error('the front is gone')))
  const answered = once(child, 'message', { signal })
  // Without the callback it would be an error of the child, which ends whoever does not listen.
  child.send(command, (cause) => {
    if (cause !== null) reject(new Error('the front is gone', { cause }))
  })
  try {
    const [message] = (await within(
      Promise.race([answered, gone, notSent]),
      'the front to take a fault',
    )) as readonly unknown[]
    return message
  } finally {
    over.abort()
  }
}
