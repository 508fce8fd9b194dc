import { join } from 'node:path'

import { bridgePaths } from '../api/image.ts'
import { bridgePorts } from '../api/ports.ts'
import { agentStartSchema } from '../api/start.ts'
import { systemClock } from '../lib/clock.ts'
import { isListening } from '../lib/listening.ts'
import { runContainer } from '../lib/run-container.ts'
import { readVersions } from './control/health.ts'
import { readMounts } from './mount/mount-table.ts'
import { runAgent } from './run-agent.ts'

/** The agent's container: keeps the file system mounted, and serves it. Its other programs lie beside this one. */
const besideMe = (file: string): string => join(import.meta.dirname, file)

process.exitCode = await runContainer({
  schema: agentStartSchema,
  input: process.stdin,
  errors: process.stderr,
  run: async (start, signal) =>
    runAgent({
      start,
      mountDir: bridgePaths.mountDir,
      runDir: bridgePaths.runDir,
      ports: bridgePorts,
      // Inside the container; the engine publishes it on the machine's own 127.0.0.1 and nowhere else.
      controlHost: '0.0.0.0',
      controlPort: bridgePorts.control,
      probeCommand: [process.execPath, besideMe('probe.js'), bridgePaths.mountDir],
      filesCommand: [process.execPath, besideMe('files.js')],
      versions: await readVersions(bridgePaths.tunnelVersionPath),
      readMounts,
      isListening,
      clock: systemClock,
      output: process.stdout,
      signal,
    }),
})

// An open stdin would keep the process.
process.stdout.end(() => process.exit())
