import type { DriveState } from '../../shared/drive-state.ts'
import { sourceOf } from '../../services/drives/drive.ts'
import type { ObservedDrive } from '../../services/drives/observe-drive.ts'
import { messageFor } from '../../shared/messages.ts'
import { formatBytes, formatCount, formatDuration, formatMs, formatPath } from '../../lib/format.ts'
import { renderTable } from './table.ts'
import type { Terminal } from './terminal.ts'

type Colours = Pick<Terminal, 'bold' | 'dim' | 'green' | 'yellow' | 'red'>

/** The list of drives: what there is, where it comes from and whether it is mounted. */
export function renderDriveList(
  drives: readonly ObservedDrive[],
  homeDir: string,
  colours: Colours,
): string[] {
  if (drives.length === 0) return noDrives()
  const rows = drives.map(({ drive, state }) => [
    colours.bold(drive.name),
    colours.dim(drive.id),
    renderState(state, colours),
    `${formatPath(sourceOf(drive), homeDir)}${drive.readOnly ? colours.dim(' (read-only)') : ''}`,
  ])
  return renderTable([['NAME', 'ID', 'STATE', 'FILES'].map(colours.dim), ...rows])
}

/** What runs: state, mount point and what its front has done so far. */
export function renderStatus(drives: readonly ObservedDrive[], homeDir: string, colours: Colours): string[] {
  if (drives.length === 0) return noDrives()
  const rows = drives.map((observed) => [
    colours.bold(observed.drive.name),
    renderState(observed.state, colours),
    observed.hasVolume ? formatPath(observed.mountPoint, homeDir) : colours.dim('–'),
    renderActivity(observed),
  ])
  const advice = drives.flatMap((observed) => [
    ...(troubleOf(observed) ?? adviceFor(observed.drive.name, observed.state)),
    ...uploadAdvice(observed),
  ])
  return [...renderTable([['NAME', 'STATE', 'VOLUME', 'ACTIVITY'].map(colours.dim), ...rows]), ...advice]
}

/** A drive as `--json` prints it. The URL is whole: it is the user's own machine. */
export function driveToJson(observed: ObservedDrive) {
  const { drive, url, mountPoint, state, hasVolume, front, frontStatus, kept } = observed
  return {
    id: drive.id,
    name: drive.name,
    kind: drive.kind,
    ...(drive.kind === 'sandbox' ? { sourceDir: drive.sourceDir } : { fileSystem: drive.fileSystem }),
    readOnly: drive.readOnly,
    writeMode: drive.writeMode,
    state,
    mounted: hasVolume,
    mountPoint,
    url,
    front,
    ...(frontStatus === undefined
      ? {}
      : {
          pid: frontStatus.pid,
          uptimeMs: frontStatus.uptimeMs,
          counters: frontStatus.counters,
          uploads: frontStatus.uploads,
          ...(frontStatus.trouble === undefined ? {} : { trouble: frontStatus.trouble }),
        }),
    ...(kept === undefined
      ? {}
      : { kept: { count: kept.count, bytes: kept.bytes, attention: kept.attention } }),
  }
}

function noDrives(): string[] {
  return ['No drives yet. Mount a folder with `mountbar mount <folder>`, or try `mountbar demo`.']
}

/** A drive's state in the fewest words. */
export function renderState(state: DriveState, { dim, green, yellow, red }: Colours): string {
  switch (state.kind) {
    case 'unmounted':
      return dim('not mounted')
    case 'preparing':
      return yellow('changing')
    case 'unmounting':
      return yellow('unmounting')
    case 'delivering':
      return yellow('delivering')
    case 'failed':
      return red(messageFor(state.error).title)
    case 'mounted':
      if (state.degraded === undefined) return green('mounted')
      return state.degraded === 'front-down' ? red('no server') : yellow('waiting')
  }
}

function renderActivity({ frontStatus }: ObservedDrive): string {
  if (frontStatus === undefined) return ''
  const { counters, uptimeMs, uploads } = frontStatus
  const { requests, bytesIn, bytesOut, latencyMs } = counters
  return [
    formatCount(requests, 'request'),
    `${formatMs(latencyMs.p50)} median`,
    `${formatBytes(bytesOut)} read`,
    `${formatBytes(bytesIn)} written`,
    ...(uploads.pending === 0
      ? []
      : [`${formatCount(uploads.pending, 'file')} (${formatBytes(uploads.pendingBytes)}) to deliver`]),
    `for ${formatDuration(uptimeMs)}`,
  ].join(', ')
}

/** Uploads that wait for a person, and not for a backend. */
function uploadAdvice({ drive: { name }, frontStatus, kept }: ObservedDrive): string[] {
  const attention = frontStatus?.uploads.attention ?? kept?.attention ?? 0
  return [
    ...(attention === 0
      ? []
      : [
          '',
          `${formatCount(attention, 'saved file')} of “${name}” cannot be delivered without you: \`mountbar uploads\` says why.`,
        ]),
    ...(kept === undefined
      ? []
      : [
          '',
          `${formatCount(kept.count, 'saved file waits', 'saved files wait')} on this machine for “${name}” to be mounted again.`,
        ]),
  ]
}

/** What keeps a drive's bridge from working says more than that the drive waits. */
function troubleOf({ drive: { name }, frontStatus }: ObservedDrive): string[] | undefined {
  if (frontStatus?.trouble === undefined) return undefined
  const { text, fix } = messageFor(frontStatus.trouble)
  return ['', `“${name}” waits. ${text}${fix === undefined ? '' : ` ${fix}`}`]
}

function adviceFor(name: string, state: DriveState): string[] {
  if (state.kind !== 'mounted' || state.degraded === undefined) return []
  return state.degraded === 'front-down'
    ? [
        '',
        `The volume of “${name}” has nobody to serve it. \`mountbar mount "${name}"\` repairs it, \`mountbar unmount --force "${name}"\` removes it.`,
      ]
    : ['', `“${name}” waits for the place its files are stored; it goes on by itself when that answers.`]
}
