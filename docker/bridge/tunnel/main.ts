import { bridgePaths } from '../api/image.ts'
import { bridgePorts } from '../api/ports.ts'
import { tunnelStartSchema } from '../api/start.ts'
import { systemClock } from '../lib/clock.ts'
import { isListening } from '../lib/listening.ts'
import { runContainer } from '../lib/run-container.ts'
import { chooseProgram } from './choose-program.ts'
import { runTunnel } from './run-tunnel.ts'

/** The tunnel's container: keeps efs-proxy running. The agent speaks to it on `bridgePorts.tunnelControl`. */
process.exitCode = await runContainer({
  schema: tunnelStartSchema,
  input: process.stdin,
  errors: process.stderr,
  run: async (start, signal) =>
    runTunnel({
      start,
      program: await chooseProgram(bridgePaths.tunnelProgramPath),
      runDir: bridgePaths.runDir,
      ports: bridgePorts,
      isListening,
      clock: systemClock,
      output: process.stdout,
      signal,
    }),
})

// An open stdin would keep the process.
process.stdout.end(() => process.exit())
