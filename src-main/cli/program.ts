import { Command } from 'commander'

import type { CommandContext } from './command-context.ts'
import { registerAccounts } from './commands/accounts.ts'
import { registerCheck } from './commands/check.ts'
import { registerDemo } from './commands/demo.ts'
import { registerDestroy } from './commands/destroy.ts'
import { registerDeploy } from './commands/deploy.ts'
import { registerDoctor } from './commands/doctor.ts'
import { registerDrives } from './commands/drives.ts'
import { registerForget } from './commands/forget.ts'
import { registerKeep } from './commands/keep.ts'
import { registerLogin } from './commands/login.ts'
import { registerLogout } from './commands/logout.ts'
import { registerMount } from './commands/mount.ts'
import { registerReveal } from './commands/reveal.ts'
import { registerStacks } from './commands/stacks.ts'
import { registerStatus } from './commands/status.ts'
import { registerUnmount } from './commands/unmount.ts'
import { registerUploads } from './commands/uploads.ts'
import { exitCodes } from './exit-codes.ts'
import { examples } from './output/examples.ts'
import { renderTable } from './output/table.ts'

export interface ProgramOutput {
  writeOut(text: string): void
  writeErr(text: string): void
}

/** The `mountbar` command line. Parsing throws `CommanderError` instead of ending the process. */
export function buildProgram(context: CommandContext, version: string, output: ProgramOutput): Command {
  const program = new Command('mountbar')
    .description('Mounts folders as volumes through a WebDAV server that is made for Finder.')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .showSuggestionAfterError(true)
    .showHelpAfterError('(See `mountbar --help`.)')
    .exitOverride()
    .configureOutput(output)
    .addHelpText('after', () =>
      [
        examples('mountbar demo', 'mountbar mount ~/Documents', 'mountbar status', 'mountbar unmount --all'),
        exitCodeHelp(),
      ].join('\n'),
    )

  registerDemo(program, context)
  registerDrives(program, context)
  registerMount(program, context)
  registerUnmount(program, context)
  registerStatus(program, context)
  registerUploads(program, context)
  registerReveal(program, context)
  registerForget(program, context)
  registerDeploy(program, context)
  registerStacks(program, context)
  registerLogin(program, context)
  registerLogout(program, context)
  registerAccounts(program, context)
  registerCheck(program, context)
  registerDestroy(program, context)
  registerDoctor(program, context)
  registerKeep(program, context)
  return program
}

function exitCodeHelp(): string {
  const rows = Object.values(exitCodes).map(({ status, meaning }) => [`  ${status}`, meaning])
  return ['', 'Exit status:', ...renderTable(rows)].join('\n')
}
