import { Option, type Command } from 'commander'

import type { PreparingStep } from '../../shared/drive-state.ts'
import type { DriveChoices } from '../../services/drives/drive-registry.ts'
import type { Drive } from '../../services/drives/drive.ts'
import type { KeptDrive } from '../../services/drives/keep-drive.ts'
import { AppError } from '../../shared/errors.ts'
import { createAskMfaCode } from '../aws/ask-mfa-code.ts'
import type { CommandContext } from '../command-context.ts'
import { namedDrive, type NamedDriveOptions } from '../drives/named-drive.ts'
import { holdDrive } from '../keeper/hold-drive.ts'
import { showDelivery } from '../keeper/show-delivery.ts'
import { tellKept } from '../keeper/tell-kept.ts'
import { untilSettled } from '../keeper/until-settled.ts'
import { examples } from '../output/examples.ts'
import { formatPath } from '../../lib/format.ts'
import { renderError } from '../output/render-error.ts'

interface MountOptions extends NamedDriveOptions {
  readonly at?: string
  readonly name?: string
  readonly readOnly?: boolean
  readonly writeThrough?: boolean
  readonly foreground?: true
}

interface Mounted {
  readonly mountPoint: string
  readonly port: number
  readonly formerPort?: number | undefined
}

export function registerMount(program: Command, context: CommandContext): void {
  program
    .command('mount')
    .description('mount a drive; a folder or an S3 Files file system becomes a drive first')
    .argument('[drive|folder|file-system]', 'name or id of a drive, a folder, or fs-…')
    .option('--stack <name>', 'the file system of this stack, in place of naming a drive')
    .option('--at <dir>', 'mount point: an empty folder, or one that does not exist yet')
    .option('--name <name>', 'name of the drive and its volume')
    .option('--read-only', 'allow no changes')
    .option('--no-read-only', 'allow changes again')
    .option('--write-through', 'let each save wait until the files behind the drive have it')
    .option('--no-write-through', 'let saves wait for the disk of this machine only, as usual')
    .option('--region <region>', 'AWS region of a new file system, or of the stack')
    .option(
      '--server <host[:port]>',
      'where its mount target is reached: a load balancer, or its address in a VPN',
    )
    .option('--profile <profile>', 'the profile of ~/.aws/config to open it with')
    .option('--access-point <fsap-…>', 'open it through this access point')
    .option('--folder <path>', 'show this folder of it')
    .addOption(new Option('--ca <file>', 'who signed the certificate of a simulated mount target').hideHelp())
    .option('--foreground', 'serve it from this terminal until Ctrl-C')
    .addHelpText(
      'after',
      examples(
        'mountbar mount ~/Documents',
        'mountbar mount ~/Photos --name Pictures --read-only',
        'mountbar mount Pictures --at ~/mnt/pictures',
        'mountbar mount ~/Ledger --write-through',
        'mountbar mount --stack mountbar-photos --at ~/mnt/photos',
        'mountbar mount fs-0123456789abcdef0 --region eu-central-1 --server nlb.example.com --name Data',
      ),
    )
    .action(async (text: string | undefined, options: MountOptions) => mountDrive(text, options, context))
}

async function mountDrive(
  text: string | undefined,
  options: MountOptions,
  context: CommandContext,
): Promise<void> {
  const { services, terminal, interrupts } = context
  const { registry } = services.drives
  const choices = choicesOf(options)

  const drive = await namedDrive(text, choices, options, context)
  const observed = await untilSettled(drive, services, interrupts.signal)
  if (observed.hasVolume && observed.front !== 'none') {
    if (Object.keys(choices).length > 0 && differs(drive, observed.mountPoint, choices)) {
      throw new AppError('already-mounted', { name: drive.name, mountPoint: observed.mountPoint })
    }
    terminal.print(`${drive.name} is mounted at ${formatPath(observed.mountPoint, context.homeDir)}`)
    return
  }

  const chosen = Object.keys(choices).length === 0 ? drive : await registry.change(drive.id, choices)
  if (options.foreground) {
    await mountHere(chosen, context)
    return
  }
  const mounted = await services.spawnKeeper(chosen.id, {
    signal: interrupts.signal,
    onStep: (step) => terminal.note(terminal.dim(stepText[step])),
    askMfaCode: createAskMfaCode(terminal, services.clock),
  })
  tell(chosen, mounted, context)
}

/** Keeps the drive in this process, until Ctrl-C or until the volume is unmounted elsewhere. */
async function mountHere(drive: Drive, context: CommandContext): Promise<void> {
  const { terminal, interrupts } = context
  const kept = await keepAsking(drive, context)
  const { mountPoint = kept.url, formerPort } = kept
  tell(kept.drive, { mountPoint, port: kept.drive.port, formerPort }, context)
  terminal.note('Press Ctrl-C to unmount.')
  const end = await holdDrive(kept, interrupts, {
    onDelivering: () => void showDelivery(kept, context),
    onRefused: (error) => {
      renderError(error, terminal).forEach(terminal.note)
      terminal.note('Press Ctrl-C once more to unmount by force.')
    },
  })
  terminal.print(
    end === 'unmounted' ? `${drive.name} is unmounted.` : `${drive.name} was unmounted elsewhere.`,
  )
  await tellKept(kept, context)
}

/** A code is asked for here until the drive is mounted; later it would be in the way of whatever the terminal shows by then. */
async function keepAsking(
  drive: Drive,
  { services, terminal, interrupts }: CommandContext,
): Promise<KeptDrive> {
  using _desk = services.mfa.staff(createAskMfaCode(terminal, services.clock))
  return await services.drives.keep(drive, {
    signal: interrupts.signal,
    withVolume: true,
    onStep: (step) => terminal.note(terminal.dim(stepText[step])),
  })
}

function tell(drive: Drive, { mountPoint, port, formerPort }: Mounted, context: CommandContext): void {
  const { terminal, homeDir } = context
  if (formerPort !== undefined) {
    terminal.note(
      `Another program uses port ${formerPort}; ${drive.name} has moved to ${port} and stays there from now on.`,
    )
  }
  terminal.print(`${drive.name} is mounted at ${formatPath(mountPoint, homeDir)}`)
}

const stepText: Readonly<Record<PreparingStep, string>> = {
  checking: 'Checking what is there …',
  'preparing-image': 'Building the bridge’s image, once …',
  'starting-bridge': 'Starting the bridge …',
  connecting: 'Connecting to S3 Files …',
  'starting-front': 'Starting the server …',
  mounting: 'Mounting the volume …',
}

function choicesOf({ at, name, readOnly, writeThrough }: MountOptions): DriveChoices {
  return {
    ...(at === undefined ? {} : { mountPoint: at }),
    ...(name === undefined ? {} : { name }),
    ...(readOnly === undefined ? {} : { readOnly }),
    ...(writeThrough === undefined ? {} : { writeMode: writeThrough ? 'write-through' : 'queued' }),
  }
}

/** Whether a mounted drive would have to be mounted anew for these choices. */
function differs(drive: Drive, mountPoint: string, choices: DriveChoices): boolean {
  return (
    (choices.mountPoint !== undefined && choices.mountPoint !== mountPoint) ||
    (choices.name !== undefined && choices.name !== drive.name) ||
    (choices.readOnly !== undefined && choices.readOnly !== drive.readOnly) ||
    (choices.writeMode !== undefined && choices.writeMode !== drive.writeMode)
  )
}
