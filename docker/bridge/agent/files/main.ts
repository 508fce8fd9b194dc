import { bridgeExitCodes } from '../../api/start.ts'
import { systemClock } from '../../lib/clock.ts'
import { runContainer } from '../../lib/run-container.ts'
import { openFileService } from './open-file-service.ts'
import { fileServiceStartSchema, type FileServiceLine } from './start.ts'

function tell(line: FileServiceLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

// Whoever reads these lines may be gone already; the end of stdin says so, too.
process.stdout.on('error', () => undefined)

const exitCode = await runContainer({
  schema: fileServiceStartSchema,
  input: process.stdin,
  errors: process.stderr,
  run: async (start, signal) => {
    const onFailure = (text: string): void => tell({ type: 'log', level: 'warn', text })
    await using service = await openFileService(start, { clock: systemClock, onFailure })
    tell({ type: 'listening', port: await service.listen(start.port, start.host) })
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true })
      if (signal.aborted) resolve()
    })
    return bridgeExitCodes.ended
  },
})
// Not left to the event loop: a call that is stuck in the mount would keep it alive.
process.exit(exitCode)
