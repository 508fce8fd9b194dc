#!/usr/bin/env node
import { logPathOf } from '../composition/compose-base.ts'
import { thisMachine } from '../composition/this-machine.ts'
import { version } from '../lib/version.ts'
import { composeServices } from './compose.ts'
import { listenForInterrupts } from './interrupts.ts'
import { createTerminal } from './output/terminal.ts'
import { runCommand } from './run.ts'

const machine = thisMachine(import.meta.url)
const { homeDir } = machine
const services = composeServices(machine)
const { stdin, stdout, stderr } = process
// A reader that stops reading (`| head`) is no failure of ours.
for (const stream of [stdout, stderr]) stream.on('error', () => undefined)
const terminal = createTerminal({ stdin, stdout, stderr })
const interrupts = listenForInterrupts(process)

const status = await runCommand(
  process.argv.slice(2),
  { services, terminal, interrupts, homeDir },
  {
    version,
    logPath: logPathOf(services.dirs),
    output: { writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) },
  },
)
await terminal.flush()
// A call into a volume that hangs would keep the process for ever; all that must end has been ended above.
process.exit(status)
