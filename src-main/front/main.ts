import { systemClock } from '../lib/clock.ts'
import { linesFrom, parentPortOf } from './process/parent-port.ts'
import { runFrontProcess } from './process/run-front-process.ts'

/** The front process. Its parent speaks to it on stdin, or by messages where it is Electron, and hears it on stdout, one JSON object a line. */
const parentPort = parentPortOf(process)
const commands = parentPort === undefined ? process.stdin : linesFrom(parentPort)
const exitCode = await runFrontProcess(commands, process.stdout, systemClock)

// An open stdin would keep the process; what was said last must still get out.
process.stdout.end(() => process.exit(exitCode))
