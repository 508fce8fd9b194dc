import { systemClock } from '../lib/clock.ts'
import { runFrontProcess } from './process/run-front-process.ts'

/** The front process. Its parent speaks to it on stdin and hears it on stdout, one JSON object a line. */
const exitCode = await runFrontProcess(process.stdin, process.stdout, systemClock)

// An open stdin would keep the process; what was said last must still get out.
process.stdout.end(() => process.exit(exitCode))
