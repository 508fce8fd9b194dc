import { runFrontProcess } from '../../../src-main/front/process/run-front-process.ts'
import { systemClock } from '../../../src-main/lib/clock.ts'
import { delayed, type BackendCall } from './delayed-backend.ts'
import { IntervalLog } from './interval-log.ts'
import { logRequests } from './log-requests.ts'
import { benchCommandSchema, type FrontReport } from './messages.ts'
import { WriteGate } from './write-gate.ts'

/**
 * A program: the front as it is, before a backend that is some milliseconds away, telling its parent over IPC what it asked
 * of it. `delayed-front <delay in ms> [shut]`; `shut` starts it with a backend that takes no writes.
 */
const delayMs = Number(process.argv[2])
const calls = new IntervalLog<BackendCall>()
const requests = new IntervalLog<object>()
const gate = new WriteGate()
if (process.argv[3] === 'shut') gate.shut()
logRequests(requests)

process.on('message', (message) => {
  switch (benchCommandSchema.parse(message)) {
    case 'clear':
      calls.clear()
      requests.clear()
      break
    case 'shut':
      gate.shut()
      break
    case 'open':
      gate.open()
      break
    case 'report':
      break
  }
  const report: FrontReport = { calls: [...calls.entries()], requests: [...requests.entries()] }
  process.send?.(report)
})

const exitCode = await runFrontProcess(process.stdin, process.stdout, systemClock, {
  wrapBackend: (inner) => delayed(inner, { clock: systemClock, delayMs, calls, gate }),
})
process.stdout.end(() => process.exit(exitCode))
