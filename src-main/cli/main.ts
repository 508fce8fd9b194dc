#!/usr/bin/env node
import { homedir, hostname } from 'node:os'

import { logPathOf } from '../composition/compose-base.ts'
import { version } from '../lib/version.ts'
import { composeServices } from './compose.ts'
import { listenForInterrupts } from './interrupts.ts'
import { createTerminal } from './output/terminal.ts'
import { runCommand } from './run.ts'

const services = composeServices({
  platform: process.platform,
  env: process.env,
  homeDir: homedir(),
  // Of "Annas-MacBook.local" the part that people know.
  hostName: hostname().split('.')[0] || 'this computer',
  nodePath: process.execPath,
  nodeVersion: process.version,
  programUrl: import.meta.url,
})
const { stdin, stdout, stderr } = process
// A reader that stops reading (`| head`) is no failure of ours.
for (const stream of [stdout, stderr]) stream.on('error', () => undefined)
const terminal = createTerminal({ stdin, stdout, stderr })
const interrupts = listenForInterrupts(process)

const status = await runCommand(
  process.argv.slice(2),
  { services, terminal, interrupts, homeDir: homedir() },
  {
    version,
    logPath: logPathOf(services.dirs),
    output: { writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) },
  },
)
await terminal.flush()
// A call into a volume that hangs would keep the process for ever; all that must end has been ended above.
process.exit(status)
