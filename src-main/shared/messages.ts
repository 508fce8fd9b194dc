import type { ErrorArgs, ErrorCode, SerializedError } from './errors.ts'

/** What a person is told about one failure. */
export interface MessageText {
  /** A few words, for a heading or a notification. */
  readonly title: string
  /** What happened, as one or two sentences. */
  readonly text: string
  /** The way out, as an instruction; absent where nothing needs to be done. */
  readonly fix?: string
}

interface CatalogueEntry {
  readonly title: string
  /** The args a text makes use of. Each may be missing; the sentence then names the thing in general. */
  readonly args: readonly string[]
  text(args: ErrorArgs): string
  fix?(args: ErrorArgs): string
}

/** The one place where an error code becomes sentences. Texts say what happened and what to do, never who is to blame. */
export const messages: Readonly<Record<ErrorCode, CatalogueEntry>> = {
  // The file tree
  'not-found': {
    title: 'Not found',
    args: ['path'],
    text: ({ path }) => `There is nothing at ${named(path, 'this place')}.`,
    fix: () => 'Check the spelling, or look at the folder again: it may have been moved or deleted.',
  },
  'already-exists': {
    title: 'The name is taken',
    args: ['path'],
    text: ({ path }) => `There is already something at ${named(path, 'this place')}.`,
    fix: () => 'Choose another name, or move what is there out of the way.',
  },
  'not-a-directory': {
    title: 'Not a folder',
    args: ['path'],
    text: ({ path }) => `${capital(named(path, 'this'))} is a file, and a folder is needed here.`,
    fix: () => 'Choose a folder.',
  },
  'is-a-directory': {
    title: 'Not a file',
    args: ['path'],
    text: ({ path }) => `${capital(named(path, 'this'))} is a folder, and a file is needed here.`,
    fix: () => 'Choose a file.',
  },
  'parent-missing': {
    title: 'The folder does not exist',
    args: ['path', 'folder'],
    text: ({ path, folder }) =>
      folder === undefined
        ? `The folder that should hold ${named(path, 'this')} does not exist.`
        : `The folder that should hold ${named(path, 'this')} does not exist, because ${folder} is not a folder.`,
    fix: ({ folder }) =>
      folder === undefined
        ? 'Create the folder first, then try again.'
        : `Move ${folder} out of the way. What was saved then goes on by itself.`,
  },
  'permission-denied': {
    title: 'Not permitted',
    args: ['path', 'needed'],
    text: ({ path, needed }) =>
      needed === undefined
        ? `You do not have permission for ${named(path, 'this')}.`
        : `This needs permissions that you do not have: ${needed}.`,
    fix: () =>
      'Change the permissions or choose another place; for mounting, `mountbar doctor` says what is needed.',
  },
  'read-only': {
    title: 'Read-only',
    args: ['path'],
    text: ({ path }) => `${capital(named(path, 'this drive'))} can be read but not changed.`,
    fix: () => 'To allow changes, unmount the drive and mount it with --no-read-only.',
  },
  'name-invalid': {
    title: 'This name cannot be used',
    args: ['name'],
    text: ({ name }) => `${capital(named(name, 'this'))} cannot be the name of a file or folder here.`,
    fix: () => 'Choose a name without slashes, and not just dots.',
  },
  'name-too-long': {
    title: 'The name is too long',
    args: ['maxBytes'],
    text: ({ maxBytes }) => `A name may have ${given(maxBytes, '255')} bytes at most; this one has more.`,
    fix: () => 'Choose a shorter name. Letters with accents and emoji take more than one byte each.',
  },
  'file-too-large': {
    title: 'The file is too large',
    args: ['path'],
    text: ({ path }) =>
      `${capital(named(path, 'this file'))} is larger than this drive can hold in one file.`,
    fix: () => 'Split the file, or store it elsewhere.',
  },
  'no-space': {
    title: 'No room',
    args: ['path', 'maxBytes', 'reserveBytes'],
    text: ({ path, maxBytes, reserveBytes }) => {
      if (maxBytes !== undefined)
        return `Saves that are still on their way take up the ${size(maxBytes)} that they may have on this machine.`
      if (reserveBytes !== undefined)
        return `The disk of this machine is full but for the ${size(reserveBytes)} that saves must leave free.`
      return `There is not enough free space for ${named(path, 'this file')}.`
    },
    fix: ({ maxBytes }) =>
      maxBytes === undefined
        ? 'Make room on the disk, then save again.'
        : 'Wait until some of them have arrived (`mountbar uploads` shows them), then save again.',
  },
  busy: {
    title: 'Busy',
    args: ['name', 'path'],
    text: ({ name, path }) => `${capital(named(name ?? path, 'this'))} is being used or changed right now.`,
    fix: () => 'Wait a moment, then try again.',
  },
  'outside-root': {
    title: 'Outside of the drive',
    args: ['path'],
    text: ({ path }) => `${capital(named(path, 'this'))} leads out of the folder that the drive shows.`,
    fix: () => 'Copy what it points to into the drive; links that lead out of it are not followed.',
  },
  'body-incomplete': {
    title: 'Incomplete file',
    args: ['path'],
    text: ({ path }) =>
      `Only a part of ${named(path, 'the file')} arrived, so it was not stored. What was there before is unchanged.`,
    fix: () => 'Save or copy the file again.',
  },
  cancelled: {
    title: 'Cancelled',
    args: [],
    text: () => 'This was stopped before it was done.',
  },
  stalled: {
    title: 'No answer',
    args: [],
    text: () => 'The place where the files are stored has not answered in time.',
    fix: () =>
      'Nothing is lost. Check the disk or the connection; Mountbar goes on by itself when it answers again.',
  },
  'backend-failed': {
    title: 'The files cannot be reached',
    args: ['path', 'reason'],
    text: ({ path, reason }) => `Reading or writing ${named(path, 'a file')} failed${because(reason)}.`,
    fix: () => 'Check the disk the files are on, then try again.',
  },

  // Volumes
  'upload-unknown': {
    title: 'No such upload',
    args: ['id'],
    text: ({ id }) => `There is no upload ${given(id, 'with that number')} on its way.`,
    fix: () => 'It may have been delivered meanwhile. See `mountbar uploads`.',
  },
  'upload-ambiguous': {
    title: 'More than one drive has it',
    args: ['id', 'candidates'],
    text: ({ id, candidates }) =>
      `More than one drive has an upload ${given(id, 'with that number')}${candidates === undefined ? '' : `: ${candidates}`}.`,
    fix: () => 'Name the drive as well, as in `mountbar uploads retry Photos:7`.',
  },
  'uploads-kept': {
    title: 'Saved files are still on their way',
    args: ['name', 'count'],
    text: ({ name, count }) =>
      `Not all that was saved to ${named(name, 'this drive')} has been delivered: ${count === 1 ? '1 file is' : `${given(count, 'some')} files are`} kept on this machine only.`,
    fix: () =>
      'Mount the drive to deliver them; `mountbar uploads` lists them. To give them up for good, use `mountbar forget --discard-uploads`.',
  },
  'upload-recovered': {
    title: 'Recovered after damage',
    args: ['path'],
    text: ({ path }) =>
      `The list of uploads was damaged; the content of ${named(path, 'a file')} was recovered.`,
    fix: () => 'Check the content and then retry, export or discard the upload.',
  },
  'upload-damaged': {
    title: 'An accepted save was damaged',
    args: ['path'],
    text: ({ path }) =>
      `The copy of ${named(path, 'a file')} that waited on this disk to be delivered is missing or damaged. It was not delivered; what was there before is unchanged.`,
    fix: () =>
      'Save the file again from the program that has it, then discard the upload, and check the disk.',
  },
  'conflict-kept-both': {
    title: 'Both versions were kept',
    args: ['path', 'keptAs'],
    text: ({ path, keptAs }) =>
      `Somebody else changed ${named(path, 'the file')} before your version arrived; yours is ${named(keptAs, 'beside it')}.`,
    fix: () => 'Compare the two files and remove the one you do not need.',
  },
  'mounter-missing': {
    title: 'Nothing to mount with',
    args: ['program', 'package'],
    text: ({ program }) =>
      `${capital(named(program, 'a program that mounts volumes'))} is not installed, and without it nothing can be mounted here.`,
    fix: (args) =>
      args['package'] === undefined
        ? 'Run `mountbar doctor`: it says what to install.'
        : `Install the package ${args['package']}; \`mountbar doctor\` checks the rest.`,
  },
  'mount-point-missing': {
    title: 'The mount point does not exist',
    args: ['path', 'mountPoint'],
    text: ({ path, mountPoint }) =>
      `The folder ${named(mountPoint ?? path, 'for the volume')} does not exist and could not be created.`,
    fix: () => 'Create the folder, or choose another one with --at.',
  },
  'mount-point-not-empty': {
    title: 'The mount point is not empty',
    args: ['path', 'mountPoint'],
    text: ({ path, mountPoint }) =>
      `The folder ${named(mountPoint ?? path, 'for the volume')} has files in it, which the volume would hide.`,
    fix: () => 'Choose an empty folder with --at, or move the files away.',
  },
  'mount-point-in-use': {
    title: 'The mount point is taken',
    args: ['path', 'mountPoint'],
    text: ({ path, mountPoint }) =>
      `Another volume is already mounted at ${named(mountPoint ?? path, 'this folder')}.`,
    fix: () => 'Unmount that volume, or choose another folder with --at.',
  },
  'mount-refused': {
    title: 'Mounting was refused',
    args: ['path', 'mountPoint', 'reason'],
    text: ({ path, mountPoint, reason }) =>
      `The system refused to mount the volume at ${named(mountPoint ?? path, 'this folder')}${because(reason)}.`,
    fix: () => 'Run `mountbar doctor` to see whether something on this machine is in the way.',
  },
  'mount-unreachable': {
    title: 'The drive did not answer',
    args: ['reason'],
    text: ({ reason }) =>
      `The system could not reach the drive on this machine while mounting it${because(reason)}.`,
    fix: () => 'Run `mountbar doctor`: a proxy setting without an exception for 127.0.0.1 is a common cause.',
  },
  'mount-unauthorized': {
    title: 'Mounting asked for a password',
    args: [],
    text: () => 'The system asked for a user and a password, which Mountbar drives do not have.',
    fix: () => 'Run `mountbar doctor`: a proxy that answers in place of the drive is a common cause.',
  },
  'mount-cancelled': {
    title: 'Mounting was cancelled',
    args: [],
    text: () => 'Mounting was stopped before it was done. Nothing is left mounted.',
    fix: () => 'Mount the drive again when you are ready.',
  },
  'mount-timeout': {
    title: 'Mounting took too long',
    args: ['timeoutMs'],
    text: ({ timeoutMs }) =>
      `The system has not mounted the volume within ${duration(timeoutMs, 'the time allowed')}.`,
    fix: () => 'Try again. If it happens twice, run `mountbar doctor` and restart the machine.',
  },
  'not-mounted': {
    title: 'Not mounted',
    args: ['name', 'path', 'mountPoint'],
    text: ({ name, path, mountPoint }) =>
      `${capital(named(name ?? mountPoint ?? path, 'this drive'))} is not mounted.`,
    fix: () => 'Mount it with `mountbar mount`; `mountbar status` shows what is mounted.',
  },
  'unmount-busy': {
    title: 'The volume is in use',
    args: ['name', 'path', 'mountPoint'],
    text: ({ name, path, mountPoint }) =>
      `A program still uses ${named(name ?? mountPoint ?? path, 'the volume')}, so it stays mounted.`,
    fix: () =>
      'Close its files and leave its folders in every terminal, then try again. With --force it goes at once, and unsaved changes are lost.',
  },
  'unmount-failed': {
    title: 'Unmounting failed',
    args: ['name', 'path', 'mountPoint', 'reason'],
    text: ({ name, path, mountPoint, reason }) =>
      `The system could not unmount ${named(name ?? mountPoint ?? path, 'the volume')}${because(reason)}.`,
    fix: () => 'Try again; if it fails again, use `mountbar unmount --force`.',
  },

  'mount-point-inside-source': {
    title: 'The mount point lies in the folder',
    args: ['mountPoint', 'sourceDir'],
    text: ({ mountPoint, sourceDir }) =>
      `The mount point ${named(mountPoint, 'of the volume')} and the folder ${named(sourceDir, 'of the drive')} lie within each other, so the volume would contain itself.`,
    fix: () => 'Choose a mount point outside of the folder with --at, or another folder.',
  },
  'already-mounted': {
    title: 'Already mounted',
    args: ['name', 'mountPoint'],
    text: ({ name, mountPoint }) =>
      `${capital(named(name, 'this drive'))} is mounted${mountPoint === undefined ? '' : ` at “${mountPoint}”`}.`,
    fix: () => 'Use it there, or unmount it first with `mountbar unmount`.',
  },

  // Drives and fronts
  'drive-unknown': {
    title: 'No such drive',
    args: ['name', 'suggestion'],
    text: ({ name, suggestion }) =>
      `There is no drive called ${named(name, 'that')}${suggestion === undefined ? '' : `; there is one called “${suggestion}”`}.`,
    fix: () =>
      'See all drives with `mountbar drives`, or name a folder to make it one: `mountbar mount ~/Documents`.',
  },
  'drive-ambiguous': {
    title: 'More than one drive fits',
    args: ['name', 'candidates'],
    text: ({ name, candidates }) =>
      `More than one drive fits ${named(name, 'that name')}${candidates === undefined ? '' : `: ${candidates}`}.`,
    fix: () => 'Use the id that `mountbar drives` shows.',
  },
  'source-missing': {
    title: 'The folder is gone',
    args: ['path'],
    text: ({ path }) => `The folder ${named(path, 'of this drive')} does not exist.`,
    fix: () =>
      'Connect the disk it is on or create it, or take the drive off the list with `mountbar forget`.',
  },
  'source-not-a-folder': {
    title: 'Not a folder',
    args: ['path'],
    text: ({ path }) => `${capital(named(path, 'this'))} is not a folder, and only a folder can be a drive.`,
    fix: () => 'Name the folder that holds it instead.',
  },
  'front-start-failed': {
    title: 'The drive did not start',
    args: ['name', 'detail'],
    text: ({ name, detail }) =>
      `The process that serves ${named(name, 'the drive')} could not be started${because(detail)}.`,
    fix: () => 'Run `mountbar doctor`: it starts one for a test and says what is in the way.',
  },
  'front-died': {
    title: 'The drive stopped',
    args: ['name', 'exitCode', 'signal'],
    text: ({ name, exitCode, signal }) =>
      `The process that serves ${named(name, 'the drive')} ended unexpectedly${ending(exitCode, signal)}.`,
    fix: () => 'Mount the drive again; files that were saved are where they belong.',
  },
  'front-timeout': {
    title: 'The drive does not answer',
    args: ['name', 'timeoutMs'],
    text: ({ name, timeoutMs }) =>
      `The process that serves ${named(name, 'the drive')} has not answered within ${duration(timeoutMs, 'the time allowed')}.`,
    fix: () => 'Try again. If the machine is very busy, wait until it is less so.',
  },
  'port-taken': {
    title: 'The port is taken',
    args: ['port', 'name'],
    text: ({ port, name }) =>
      `Another program uses port ${given(port, 'number')} that ${named(name, 'the drive')} is mounted from.`,
    fix: () =>
      'End that program and mount the drive again, or remove the volume with `mountbar unmount --force`; the next mount takes another port.',
  },
  'front-state-unreadable': {
    title: 'Finder’s own files were reset',
    args: ['path'],
    text: ({ path }) =>
      `What the drive kept for Finder (tags, window positions) could not be read. It was set aside at ${given(path, 'another place')}, and the drive starts without it.`,
    fix: () =>
      'Your files are not affected. Keep the folder that was set aside if you want to report the problem.',
  },

  // Container engines
  'engine-missing': {
    title: 'No container engine',
    args: [],
    text: () => 'A drive on Amazon S3 Files needs a container engine on this machine, and none was found.',
    fix: () =>
      'Install Docker Desktop, OrbStack, Colima, Rancher Desktop or Podman and start it; then mount the drive again.',
  },
  'engine-not-running': {
    title: 'The container engine is not running',
    args: ['address'],
    text: ({ address }) => `No container engine answers at ${named(address, 'its address')}.`,
    fix: () =>
      'Start Docker Desktop, or whichever engine you use. The drive goes on by itself when it is up.',
  },
  'engine-denied': {
    title: 'The container engine may not be used',
    args: ['address'],
    text: ({ address }) =>
      `The system does not let you connect to the container engine at ${named(address, 'its address')}.`,
    fix: () =>
      'Start the engine as the user you are, or let yourself use its socket (on Linux: the group docker), and sign in to the machine again.',
  },
  'engine-remote': {
    title: 'The container engine is elsewhere',
    args: ['address'],
    text: ({ address }) =>
      `The container engine that was chosen, ${named(address, 'by its address')}, is not a plain one on this machine. What it runs could not be reached from here.`,
    fix: () =>
      'Choose an engine on this machine: unset DOCKER_HOST, or change the current context with `docker context use`.',
  },
  'engine-too-old': {
    title: 'The container engine is too old',
    args: ['version', 'oldestApi'],
    text: ({ version, oldestApi }) =>
      `The container engine${version === undefined ? '' : ` (version ${version})`} does not know all that a drive needs: API ${given(oldestApi, '1.41')} or newer.`,
    fix: () => 'Update the engine.',
  },
  'engine-rootless': {
    title: 'The container engine is rootless',
    args: [],
    text: () => 'The container engine runs without root inside, and so cannot mount network file systems.',
    fix: () =>
      'Switch it to root mode (Podman: `podman machine set --rootful`, then start the machine again), or use another engine.',
  },
  'engine-arch': {
    title: 'Wrong kind of container engine',
    args: ['arch', 'reason'],
    text: ({ arch, reason }) =>
      `Drives need Linux containers on amd64 or arm64${arch === undefined ? '' : `; this engine has ${arch}`}${because(reason)}.`,
    fix: () =>
      'Switch the engine to Linux containers of this machine’s own processor, or use another engine.',
  },
  'engine-no-nfs': {
    title: 'The container engine cannot mount NFS',
    args: ['reason'],
    text: ({ reason }) =>
      `The Linux kernel of the container engine has no client for NFS 4.2, which S3 Files needs${because(reason)}.`,
    fix: () =>
      'Update the engine; if that does not help, use another one: Docker Desktop and OrbStack have it.',
  },
  'engine-mount-denied': {
    title: 'The container engine forbids mounting',
    args: ['reason'],
    text: ({ reason }) =>
      `The container engine does not let a container mount a file system${because(reason)}.`,
    fix: () =>
      'Switch off Enhanced Container Isolation or a like restriction, run the engine in root mode, or use another one.',
  },
  'engine-disk-full': {
    title: 'The container engine’s disk is full',
    args: [],
    text: () => 'The container engine has no space left on its own disk.',
    fix: () =>
      'Remove what it no longer needs with `docker system prune`, or make its disk larger in its settings.',
  },
  'engine-timeout': {
    title: 'The container engine does not answer',
    args: ['timeoutMs'],
    text: ({ timeoutMs }) =>
      `The container engine accepted a request and has not answered within ${duration(timeoutMs, 'the time allowed')}.`,
    fix: () => 'Wait a moment, for instance after waking the machine; then restart the engine.',
  },
  'engine-failed': {
    title: 'The container engine reported a failure',
    args: ['reason'],
    text: ({ reason }) => `The container engine could not do what it was asked${because(reason)}.`,
    fix: () => 'Try again; if it fails again, restart the engine.',
  },
  'image-missing': {
    title: 'The image is missing',
    args: ['image'],
    text: ({ image }) => `The container engine does not have the image ${named(image, 'of the bridge')}.`,
    fix: () => 'Mount the drive again: the image is made anew. Somebody may have removed it meanwhile.',
  },
  'image-build-failed': {
    title: 'The bridge could not be built',
    args: ['reason'],
    text: ({ reason }) => `Building the image of the bridge failed${because(reason)}.`,
    fix: () =>
      'Check that the engine can reach the internet (a proxy has to be set in its own settings), then try again. The last lines are in the log.',
  },
  'image-pull-failed': {
    title: 'An image could not be fetched',
    args: ['image', 'reason'],
    text: ({ image, reason }) =>
      `Fetching the image ${named(image, 'of the bridge')} failed${because(reason)}.`,
    fix: () =>
      'Check that the engine can reach the internet (a proxy has to be set in its own settings), then try again.',
  },

  // Bridges to S3 Files
  'bridge-died': {
    title: 'The bridge stopped',
    args: ['exitCode', 'reason'],
    text: ({ exitCode, reason }) =>
      `The container between this machine and S3 Files ended unexpectedly${ending(exitCode, undefined)}${because(reason)}.`,
    fix: () =>
      'It is started again by itself, and nothing that was saved is lost. If it goes on, see the log.',
  },
  'bridge-timeout': {
    title: 'The bridge does not answer',
    args: ['timeoutMs'],
    text: ({ timeoutMs }) =>
      `The container between this machine and S3 Files was not ready within ${duration(timeoutMs, 'the time allowed')}.`,
    fix: () => 'Try again; if it happens again, restart the container engine.',
  },
  'bridge-mount-failed': {
    title: 'S3 Files could not be mounted',
    args: ['reason'],
    text: ({ reason }) => `Mounting the file system inside the bridge failed${because(reason)}.`,
    fix: () => 'Check the file system’s id and region, then try again.',
  },
  'tunnel-failed': {
    title: 'The secure tunnel stopped',
    args: ['reason'],
    text: ({ reason }) =>
      `The program that keeps the encrypted connection to AWS does not run${because(reason)}.`,
    fix: () => 'It is started again by itself. If it goes on, see the log.',
  },
  'access-denied': {
    title: 'AWS does not let you in',
    args: ['fileSystemId'],
    text: ({ fileSystemId }) =>
      `Your AWS sign-in is not allowed to open the file system ${named(fileSystemId, 'of this drive')}, or is no longer valid.`,
    fix: () =>
      'Sign in again. If that does not help, check region and access point, and ask your administrator for s3files:ClientMount (and s3files:ClientWrite).',
  },
  'identity-expired': {
    title: 'Your AWS sign-in has expired',
    args: ['fileSystemId'],
    text: ({ fileSystemId }) =>
      `The permission to open the file system ${named(fileSystemId, 'of this drive')} has run out and could not be renewed.`,
    fix: () => 'Sign in to AWS again; the drive goes on by itself.',
  },
  'clock-skewed': {
    title: 'The clocks do not agree',
    args: ['skewMinutes', 'peer'],
    text: ({ skewMinutes, peer }) =>
      `The clock of ${given(peer, 'the container engine')} and that of this machine differ by ${given(skewMinutes, 'more than a few')} minutes, and AWS refuses requests whose time is wrong.`,
    fix: ({ peer }) =>
      peer === undefined
        ? 'Let the machine set its time automatically, and restart the container engine.'
        : 'Let the machine set its time automatically; Mountbar goes on by itself.',
  },
  'remote-path-missing': {
    title: 'The folder is not in the file system',
    args: ['path'],
    text: ({ path }) =>
      `The file system has no folder ${named(path, 'of that name')}, or the access point’s folder is gone.`,
    fix: () => 'Check the folder of the drive and its access point.',
  },
  'server-unresolved': {
    title: 'The address is unknown',
    args: ['host'],
    text: ({ host }) => `The name ${named(host, 'of the server')} cannot be resolved.`,
    fix: () =>
      'Check the internet connection, the VPN and the address of the drive: its load balancer may have been deleted.',
  },
  'server-unreachable': {
    title: 'AWS cannot be reached',
    args: ['host', 'port'],
    text: ({ host, port }) =>
      `The network does not lead to ${named(host, 'the server')}${port === undefined ? '' : `, port ${port}`}.`,
    fix: () =>
      'Try another network or connect the VPN: many block port 2049. Otherwise ask your administrator about security groups and the load balancer.',
  },
  'server-refused': {
    title: 'Nobody answers at the address',
    args: ['host', 'port'],
    text: ({ host, port }) =>
      `${capital(named(host, 'the server'))} refuses connections${port === undefined ? '' : ` on port ${port}`}.`,
    fix: () => 'Check the address of the drive, and that its load balancer or forwarded port is there.',
  },
  'server-closed': {
    title: 'The connection was closed',
    args: ['host'],
    text: ({ host }) => `${capital(named(host, 'the server'))} closes each connection before it is of use.`,
    fix: () =>
      'The mount target may be unavailable, or the port may be a wrong one. Try again in a few minutes.',
  },
  'server-untrusted': {
    title: 'The connection is not trusted',
    args: ['host'],
    text: ({ host }) =>
      `Something between this machine and AWS replaces the secure connection to ${named(host, 'the server')}: its certificate is not Amazon’s.`,
    fix: () =>
      'Switch off TLS inspection (a company proxy, antivirus software) for this address, or use another network.',
  },
  'server-name-wrong': {
    title: 'Another server answered',
    args: ['host', 'expected'],
    text: ({ host, expected }) =>
      `The certificate of ${named(host, 'the server')} is made out to another name${expected === undefined ? '' : ` than ${expected}`}.`,
    fix: () => 'Check file system, region and address of the drive: they do not belong together.',
  },
  'server-silent': {
    title: 'AWS does not answer',
    args: ['timeoutMs'],
    text: ({ timeoutMs }) =>
      `The connection stands, but the file system has not answered within ${duration(timeoutMs, 'the time allowed')}.`,
    fix: () => 'The drive tries on by itself. If it lasts, check that the mount target is available.',
  },

  // AWS profiles and sign-in
  'aws-config-unreadable': {
    title: 'The AWS configuration cannot be read',
    args: ['path', 'reason'],
    text: ({ path, reason }) =>
      `${capital(named(path, 'the file with your AWS profiles'))} could not be read${because(reason)}.`,
    fix: () => 'Check who owns the file and its permissions. Mountbar only reads it.',
  },
  'aws-config-broken': {
    title: 'The AWS configuration has a mistake',
    args: ['path', 'line', 'reason'],
    text: ({ path, line, reason }) =>
      `${capital(placed(path, line, 'the file with your AWS profiles'))} is not understood${because(reason)}.`,
    fix: () => 'Correct the line in a text editor. Mountbar reads the file anew each time.',
  },
  'profile-unknown': {
    title: 'No such AWS profile',
    args: ['profile'],
    text: ({ profile }) => `There is no AWS profile ${named(profile, 'of that name')} on this machine.`,
    fix: () =>
      'Check the spelling, or make it with `aws configure sso`. In ~/.aws/config its heading is [profile name].',
  },
  'profile-incomplete': {
    title: 'The AWS profile is incomplete',
    args: ['profile', 'key', 'path', 'line'],
    text: ({ profile, key, path, line }) =>
      key === undefined
        ? `The AWS profile ${named(profile, 'you chose')} says nothing about how to sign in${at(path, line)}.`
        : `The AWS profile ${named(profile, 'you chose')} lacks ${key}${at(path, line)}.`,
    fix: () => 'Complete the profile in ~/.aws/config, or set it up anew with `aws configure sso`.',
  },
  'profile-invalid': {
    title: 'The AWS profile has a value that cannot be used',
    args: ['profile', 'key', 'path', 'line'],
    text: ({ profile, key, path, line }) =>
      `In the AWS profile ${named(profile, 'you chose')}, ${given(key, 'one of the values')} cannot be used${at(path, line)}.`,
    fix: () => 'Correct it in ~/.aws/config.',
  },
  'profile-source-missing': {
    title: 'The AWS profile refers to nothing',
    args: ['profile', 'source', 'path', 'line'],
    text: ({ profile, source, path, line }) =>
      `The AWS profile ${named(profile, 'you chose')} builds on ${named(source, 'another one')}, which does not exist${at(path, line)}.`,
    fix: () => 'Correct source_profile or sso_session in ~/.aws/config, or add what it names.',
  },
  'profile-cycle': {
    title: 'The AWS profiles refer to each other',
    args: ['profile', 'chain'],
    text: ({ profile, chain }) =>
      `The AWS profile ${named(profile, 'you chose')} builds on itself${because(chain)}.`,
    fix: () => 'One of the profiles needs credentials of its own instead of a source_profile.',
  },
  'sign-in-needed': {
    title: 'Sign in to AWS',
    args: ['profile'],
    text: ({ profile }) =>
      `${profile === undefined ? 'You are' : `For the AWS profile ${profile} you are`} not signed in.`,
    fix: () => 'Sign in with `mountbar login` or the AWS CLI; drives go on by themselves.',
  },
  'sign-in-expired': {
    title: 'Your AWS sign-in has ended',
    args: ['profile'],
    text: ({ profile }) =>
      `The sign-in ${profile === undefined ? '' : `of the AWS profile ${profile} `}has ended and could not be renewed without you.`,
    fix: () => 'Sign in again, with `mountbar login` or the AWS CLI; drives go on by themselves.',
  },
  'sign-in-denied': {
    title: 'The sign-in was not approved',
    args: [],
    text: () => 'AWS was told not to let Mountbar in.',
    fix: () => 'If that was a mistake, sign in again and choose Allow.',
  },
  'sign-in-timeout': {
    title: 'Nobody has approved the sign-in',
    args: [],
    text: () => 'The time for it was over before the sign-in was approved in the browser.',
    fix: () =>
      'Sign in again. Where the browser cannot come back to this machine, `mountbar login --device` can do without.',
  },
  'sign-in-refused': {
    title: 'AWS does not take the sign-in',
    args: ['reason'],
    text: ({ reason }) => `IAM Identity Center refuses what Mountbar asks for${because(reason)}.`,
    fix: () =>
      'Check sso_start_url, sso_region and sso_registration_scopes in ~/.aws/config: `mountbar accounts` says which profiles use them.',
  },
  'sign-in-not-used': {
    title: 'Nothing to sign in to',
    args: ['profile'],
    text: ({ profile }) =>
      `The AWS profile ${named(profile, 'you chose')} does not use IAM Identity Center, so there is no sign-in for it.`,
    fix: () =>
      'Name a profile that does; `mountbar accounts` lists them. One that wants a code asks for it when a drive is mounted: its session lives in the drive’s own process.',
  },
  'sso-cache-unusable': {
    title: 'The AWS sign-in cannot be kept',
    args: ['path', 'reason'],
    text: ({ path, reason }) =>
      `The file ${named(path, 'in which AWS’s programs keep sign-ins')} cannot be read or written${because(reason)}.`,
    fix: () => 'Make ~/.aws/sso/cache and what is in it yours, readable and writable for you alone.',
  },
  'sso-role-denied': {
    title: 'The role is not yours',
    args: ['role', 'account'],
    text: ({ role, account }) =>
      `Your sign-in does not give you the role ${named(role, 'of the profile')}${account === undefined ? '' : ` in the AWS account ${account}`}.`,
    fix: () =>
      'Check sso_account_id and sso_role_name in ~/.aws/config; otherwise ask your administrator to assign the permission set to you.',
  },
  'session-expired': {
    title: 'Your AWS session has ended',
    args: ['profile'],
    text: ({ profile }) =>
      `AWS no longer takes the temporary credentials ${profile === undefined ? 'that were in use' : `of the profile ${profile}`}: their time is over.`,
    fix: () => 'Sign in to AWS again, or put new credentials where the old ones came from.',
  },
  'mfa-needed': {
    title: 'AWS wants a code',
    args: ['profile', 'serial'],
    text: ({ profile, serial }) =>
      `The AWS profile ${named(profile, 'you chose')} needs a code from your authenticator${serial === undefined ? '' : ` (${serial})`}.`,
    fix: () =>
      'Mount the drive in a terminal and type the six digits that the authenticator shows; one that is mounted has to be unmounted first. They serve for one session.',
  },
  'mfa-rejected': {
    title: 'The code was not right',
    args: ['profile', 'serial'],
    text: ({ profile, serial }) =>
      `AWS did not take the code from the authenticator${serial === undefined ? '' : ` ${serial}`} for the profile ${named(profile, 'you chose')}.`,
    fix: () => 'Wait for the next code and try again. Each one works once, and only while it is shown.',
  },
  'role-denied': {
    title: 'AWS does not let you take the role',
    args: ['profile', 'role'],
    text: ({ profile, role }) =>
      `The credentials behind the AWS profile ${named(profile, 'you chose')} may not take the role ${named(role, 'that it names')}.`,
    fix: () =>
      'Ask your administrator: the role has to trust you, and you need sts:AssumeRole for it. A wrong external_id looks the same.',
  },
  'credentials-rejected': {
    title: 'AWS does not know these credentials',
    args: ['profile'],
    text: ({ profile }) =>
      `AWS does not accept the credentials of the profile ${named(profile, 'you chose')}: they are wrong, switched off or deleted.`,
    fix: () => 'Sign in again, or replace the keys. A key that was just made takes some seconds to be known.',
  },
  'credentials-missing': {
    title: 'There are no credentials',
    args: ['profile', 'place'],
    text: ({ profile, place }) =>
      `The AWS profile ${named(profile, 'you chose')} takes its credentials from ${given(place, 'elsewhere')}, and there are none.`,
    fix: () => 'Provide them there, or choose another profile.',
  },
  'credential-process-failed': {
    title: 'The program for credentials failed',
    args: ['profile'],
    text: ({ profile }) =>
      `The credential_process of the AWS profile ${named(profile, 'you chose')} did not give any usable credentials.`,
    fix: () => 'Run the program in a terminal to see what it says: Mountbar keeps none of its output.',
  },
  'web-identity-unreadable': {
    title: 'The identity token cannot be read',
    args: ['profile', 'path'],
    text: ({ profile, path }) =>
      `The web_identity_token_file of the AWS profile ${named(profile, 'you chose')}${path === undefined ? '' : `, ${path},`} could not be read.`,
    fix: () => 'Check the path, and the program that should write the file.',
  },
  'web-identity-rejected': {
    title: 'AWS did not take the identity token',
    args: ['profile'],
    text: ({ profile }) =>
      `The token of the AWS profile ${named(profile, 'you chose')} is expired or not one that AWS trusts.`,
    fix: () => 'Have the token written anew by the program that makes it.',
  },
  'aws-denied': {
    title: 'AWS did not permit it',
    args: ['action', 'profile'],
    text: ({ action, profile }) =>
      `${profile === undefined ? 'Your AWS role' : `The AWS profile ${profile}`} does not have the permission ${named(action, 'that is needed')}.`,
    fix: () => 'Ask your administrator for it, or choose another profile.',
  },
  'aws-unreachable': {
    title: 'AWS cannot be reached',
    args: ['host', 'reason'],
    text: ({ host, reason }) => `No connection to ${named(host, 'AWS')} could be made${because(reason)}.`,
    fix: () => 'Check the connection, the VPN and the proxy. Mountbar tries again by itself.',
  },
  'aws-timeout': {
    title: 'AWS does not answer',
    args: ['host'],
    text: ({ host }) => `${capital(named(host, 'AWS'))} took the request and has not answered in time.`,
    fix: () => 'Wait: Mountbar tries again by itself.',
  },
  'aws-throttled': {
    title: 'AWS asks for patience',
    args: ['operation'],
    text: ({ operation }) =>
      `There are too many requests to AWS at the moment${operation === undefined ? '' : ` (${operation})`}.`,
    fix: () => 'Wait: Mountbar tries again by itself.',
  },
  'aws-failed': {
    title: 'AWS reported a failure',
    args: ['operation', 'reason'],
    text: ({ operation, reason }) =>
      `${capital(named(operation, 'a request to AWS'))} failed${because(reason)}.`,
    fix: () => 'Try again later; the log has the details.',
  },

  // Stacks: the AWS side of a drive
  'stack-unknown': {
    title: 'There is no such stack',
    args: ['name', 'region'],
    text: ({ name, region }) =>
      `There is no stack ${named(name, 'of this name')}${region === undefined ? '' : ` in ${region}`}.`,
    fix: () => 'See `mountbar stacks`; with --region and --profile it looks elsewhere.',
  },
  'stack-foreign': {
    title: 'The name belongs to another stack',
    args: ['name'],
    text: ({ name }) => `There is a stack ${named(name, 'of this name')} that is not one of Mountbar’s.`,
    fix: () => 'Choose another name with --name. Mountbar leaves stacks alone that it did not make.',
  },
  'stack-busy': {
    title: 'The stack is being changed',
    args: ['name', 'status'],
    text: ({ name, status }) =>
      `CloudFormation is working on the stack ${named(name, 'you chose')}${status === undefined ? '' : ` (${status})`}.`,
    fix: ({ name }) =>
      `Watch it with \`mountbar deploy --watch --name ${given(name, 'NAME')}\`, then try again.`,
  },
  'stack-rolled-back': {
    title: 'What is left of a failed stack is in the way',
    args: ['name'],
    text: ({ name }) =>
      `The stack ${named(name, 'you chose')} failed when it was made, and what is left of it takes up the name.`,
    fix: ({ name }) =>
      `Remove it with \`mountbar deploy --replace-failed --name ${given(name, 'NAME')}\`, which deploys anew; nothing of it is in use.`,
  },
  'stack-stuck': {
    title: 'The stack needs a hand',
    args: ['name', 'status'],
    text: ({ name, status }) =>
      `The stack ${named(name, 'you chose')} cannot go on by itself${status === undefined ? '' : ` (${status})`}.`,
    fix: () =>
      'Its events in the CloudFormation console say what is in the way. Remove that, then continue the rollback there, or delete the stack again.',
  },
  'stack-choice-invalid': {
    title: 'This cannot be deployed',
    args: ['choice', 'wanted'],
    text: ({ choice, wanted }) =>
      sentence(
        `${capital(given(choice, 'one of the choices'))} has to be ${given(wanted, 'something else')}`,
      ),
    fix: () => 'See `mountbar deploy --help` and docs/deploy.md.',
  },
  'stack-open-refused': {
    title: 'Not open to everybody',
    args: ['cidr'],
    text: ({ cidr }) =>
      `With ${given(cidr, 'this range')}, everybody on the Internet could knock at your files.`,
    fix: () =>
      'Give your own address, as in --cidr 203.0.113.7/32. If everybody is meant, add --open-to-the-internet: TLS and IAM then decide alone.',
  },
  'stack-plan-failed': {
    title: 'AWS cannot plan this',
    args: ['reason'],
    text: ({ reason }) => sentence(`CloudFormation made no plan${because(reason)}`),
    fix: () => 'Change what it names, then try again.',
  },
  'stack-plan-outdated': {
    title: 'The plan is out of date',
    args: ['name'],
    text: ({ name }) =>
      `The stack ${named(name, 'you chose')} was changed by somebody else after the plan was made.`,
    fix: () => 'Deploy again: a new plan is made and shown.',
  },
  'stack-role-failed': {
    title: 'S3 Files cannot work with the bucket',
    args: ['fileSystem', 'reason'],
    text: ({ fileSystem, reason }) =>
      sentence(
        `The file system ${named(fileSystem, 'of the stack')} stays in “creating”, because its role cannot do its work${because(reason)}`,
      ),
    fix: () =>
      'Look for a bucket policy, a KMS key policy or a rule of your organization that keeps the role out, and give --kms-key for a bucket with a key of its own. Then deploy again.',
  },
  'stack-quota': {
    title: 'A limit of your AWS account is reached',
    args: ['resource', 'reason'],
    text: ({ resource, reason }) =>
      sentence(`AWS did not make ${given(resource, 'a resource of the stack')}${because(reason)}`),
    fix: () =>
      'Delete what is no longer needed, choose another region, give a network of your own with --vpc and --subnet, or ask AWS for a higher limit under Service Quotas.',
  },
  'stack-denied': {
    title: 'AWS did not permit a part of the stack',
    args: ['resource', 'action'],
    text: ({ resource, action }) =>
      `Your AWS role may not ${action === undefined ? 'do what is needed' : `do ${action}`} for ${given(resource, 'a resource of the stack')}.`,
    fix: () =>
      'Ask your administrator for the policy in docs/permissions.md, or deploy with another profile.',
  },
  'stack-blocked': {
    title: 'Your organization forbids a part of the stack',
    args: ['resource', 'action'],
    text: ({ resource, action }) =>
      `A rule of your AWS organization forbids ${given(action, 'what is needed')} for ${given(resource, 'a resource of the stack')}. No policy of your own can change that.`,
    fix: () =>
      'Ask those who run the organization, or use another account or region. The way in “private” needs the least.',
  },
  'stack-name-taken': {
    title: 'The name is taken in AWS',
    args: ['resource', 'name'],
    text: ({ resource, name }) =>
      `AWS did not make ${given(resource, 'a resource')}: the name ${named(name, 'it was to have')} is taken, maybe by another account.`,
    fix: () =>
      'Choose another name. For a bucket of yours that is there already, use --bucket; names of buckets are unique in the whole world.',
  },
  'stack-failed': {
    title: 'The stack was not made',
    args: ['resource', 'reason'],
    text: ({ resource, reason }) =>
      sentence(`AWS failed at ${given(resource, 'a resource of the stack')}${because(reason)}`),
    fix: () => 'What was made is taken back. Change what the message names, then deploy again.',
  },
  'stack-cancelled': {
    title: 'Deploying was cancelled',
    args: ['name', 'bucket'],
    text: ({ name, bucket }) =>
      `The stack ${named(name, 'you chose')} was not deployed; what had been made was taken back${bucket === undefined ? '' : `, all but the empty bucket “${bucket}”`}.`,
    fix: () => 'Deploy again when you want to.',
  },
  'stack-timeout': {
    title: 'AWS takes very long',
    args: ['name'],
    text: ({ name }) =>
      `CloudFormation still works on the stack ${named(name, 'you chose')}; nobody watches it any more.`,
    fix: ({ name }) => `Go on watching with \`mountbar deploy --watch --name ${given(name, 'NAME')}\`.`,
  },
  'region-without-s3files': {
    title: 'S3 Files is not in this region',
    args: ['region'],
    text: ({ region }) => `AWS does not offer S3 Files in ${given(region, 'this region')}, or not yet.`,
    fix: () =>
      'Choose a region that has it, with --region. File system and bucket have to be in the same one.',
  },
  'bucket-missing': {
    title: 'The bucket does not exist',
    args: ['bucket'],
    text: ({ bucket }) => `There is no bucket ${named(bucket, 'of this name')}.`,
    fix: () => 'Check the spelling, or leave --bucket out: a new one is made.',
  },
  'bucket-elsewhere': {
    title: 'The bucket is in another region',
    args: ['bucket', 'region', 'wanted'],
    text: ({ bucket, region, wanted }) =>
      `The bucket ${named(bucket, 'you chose')} is in ${given(region, 'another region')}, and the stack would be in ${given(wanted, 'this one')}. They have to be together.`,
    fix: ({ region }) => `Deploy in its region: --region ${given(region, 'REGION')}.`,
  },
  'bucket-unversioned': {
    title: 'The bucket keeps no versions',
    args: ['bucket'],
    text: ({ bucket }) =>
      `S3 Files needs a bucket that keeps versions; ${named(bucket, 'this one')} does not.`,
    fix: ({ bucket }) =>
      `Turn them on: \`aws s3api put-bucket-versioning --bucket ${given(bucket, 'BUCKET')} --versioning-configuration Status=Enabled\`. Old versions cost storage until a lifecycle rule removes them.`,
  },
  'bucket-encryption': {
    title: 'S3 Files cannot use this encryption',
    args: ['bucket', 'kind'],
    text: ({ bucket, kind }) =>
      `The bucket ${named(bucket, 'you chose')} is encrypted with ${given(kind, 'something')} that S3 Files does not know.`,
    fix: () => 'Change its default encryption to SSE-S3 or SSE-KMS, or use another bucket.',
  },
  'public-address-unknown': {
    title: 'Your public address is not known',
    args: ['reason'],
    text: ({ reason }) =>
      sentence(`Nobody could say which address your connections come from${because(reason)}`),
    fix: () => 'Give it: --cidr 203.0.113.7/32, with your own address.',
  },
  'stack-outputs-missing': {
    title: 'The stack cannot be mounted yet',
    args: ['name', 'status'],
    text: ({ name, status }) =>
      `The stack ${named(name, 'you chose')} does not say where its file system is${status === undefined ? '' : ` (${status})`}.`,
    fix: () => 'Wait until it is complete: `mountbar stacks` shows it. If it failed, deploy it again.',
  },
  'stack-in-use': {
    title: 'Drives use the stack',
    args: ['name', 'drives'],
    text: ({ name, drives }) =>
      `The stack ${named(name, 'you chose')} cannot be removed while ${given(drives, 'a drive of it')} is mounted.`,
    fix: () => 'Unmount with `mountbar unmount`, which delivers what was saved, then try again.',
  },
  'stack-not-removed': {
    title: 'The stack is not removed yet',
    args: ['name', 'reason'],
    text: ({ name, reason }) =>
      sentence(`Not everything of the stack ${named(name, 'you chose')} could be removed${because(reason)}`),
    fix: ({ name }) =>
      `Remove what is in the way, then go on with \`mountbar destroy ${given(name, 'NAME')}\`: it continues where it stopped.`,
  },
  'exports-pending': {
    title: 'Not everything is in the bucket yet',
    args: ['fileSystemId', 'count'],
    text: ({ fileSystemId, count }) =>
      `The file system ${named(fileSystemId, 'of the stack')} still holds ${count === undefined ? 'changes' : count === 1 ? '1 change' : `${count} changes`} that the bucket does not have; S3 Files does not delete it before.`,
    fix: () =>
      'Wait some minutes, then try again. If it does not become less, a file may be one that S3 cannot take: see ExportFailures in CloudWatch.',
  },
  'bucket-name-differs': {
    title: 'The bucket stays',
    args: ['bucket'],
    text: ({ bucket }) => `What was typed is not the name of the bucket ${named(bucket, 'of the stack')}.`,
    fix: () =>
      'Nothing was deleted from it. To delete it with all versions of all files, type its exact name.',
  },
  'bucket-in-use': {
    title: 'The bucket is in use',
    args: ['bucket'],
    text: ({ bucket }) => `A file system is attached to the bucket ${named(bucket, 'of the stack')}.`,
    fix: () => 'Remove that file system first; file systems of other stacks can be on the same bucket.',
  },

  // What a drive on S3 Files needs, and the ways to it
  'file-system-missing': {
    title: 'The file system does not exist',
    args: ['fileSystemId', 'region'],
    text: ({ fileSystemId, region }) =>
      `There is no file system ${named(fileSystemId, 'of this id')}${region === undefined ? '' : ` in ${region}`}, for this AWS account.`,
    fix: () => 'Check id, region and profile. If its stack was removed, so was the file system.',
  },
  'file-system-not-ready': {
    title: 'The file system is not available',
    args: ['fileSystemId', 'status', 'reason'],
    text: ({ fileSystemId, status, reason }) =>
      sentence(
        `The file system ${named(fileSystemId, 'of this drive')} is ${given(status, 'not available')}${because(reason)}`,
      ),
    fix: ({ status }) =>
      status === 'creating'
        ? 'Wait some minutes. If a reason is given, its role cannot do its work: correct the role, then make the file system anew.'
        : 'See it in the S3 console, under File systems.',
  },
  'mount-target-missing': {
    title: 'There is no mount target',
    args: ['fileSystemId'],
    text: ({ fileSystemId }) =>
      `The file system ${named(fileSystemId, 'of this drive')} has no mount target, so nobody can connect to it.`,
    fix: () => 'Create one in the subnet that your way in leads to, or deploy a stack, which makes one.',
  },
  'mount-target-not-ready': {
    title: 'The mount target is not available',
    args: ['fileSystemId', 'status', 'reason'],
    text: ({ fileSystemId, status, reason }) =>
      sentence(
        `The mount target of ${named(fileSystemId, 'the file system')} is ${given(status, 'not available')}${because(reason)}`,
      ),
    fix: () => 'A new one takes up to five minutes. Wait, then try again.',
  },
  'access-point-missing': {
    title: 'The access point does not exist',
    args: ['accessPointId', 'fileSystemId'],
    text: ({ accessPointId, fileSystemId }) =>
      `There is no access point ${named(accessPointId, 'of this id')} of the file system ${named(fileSystemId, 'of this drive')}.`,
    fix: () =>
      'Choose another one. A change of its user or folder makes a new access point: forget the drive and add it again.',
  },
  'access-point-not-ready': {
    title: 'The access point is not available',
    args: ['accessPointId', 'status'],
    text: ({ accessPointId, status }) =>
      `The access point ${named(accessPointId, 'of this drive')} is ${given(status, 'not available')}.`,
    fix: () => 'Wait a moment, then try again.',
  },
  'access-point-needed': {
    title: 'The file system wants another access point',
    args: ['fileSystemId', 'accessPointId'],
    text: ({ fileSystemId, accessPointId }) =>
      `The policy of the file system ${named(fileSystemId, 'of this drive')} refuses everybody who does not come through ${accessPointId === undefined ? 'its access point' : `the access point ${accessPointId}`}.`,
    fix: () => 'Forget the drive and add it with --access-point, or ask who manages the file system.',
  },
  'access-point-read-only': {
    title: 'Nothing can be saved through the access point',
    args: ['accessPointId', 'uid', 'folder'],
    text: ({ accessPointId, uid, folder }) =>
      `The access point ${named(accessPointId, 'of this drive')} acts as the user ${given(uid, 'it names')}, who may not write in ${named(folder, 'its folder')}.`,
    fix: () =>
      'What other programs put into the bucket belongs to user 0. Use an access point with user 0, or one with a folder that is made for its user; or mount the drive with --read-only.',
  },
  'address-not-allowed': {
    title: 'Your address is not let in any more',
    args: ['address', 'allowed', 'name'],
    text: ({ address, allowed, name }) =>
      `Your public address is ${given(address, 'another one')} now, and the load balancer${name === undefined ? '' : ` of the stack ${name}`} lets in ${given(allowed, 'others')} only.`,
    fix: () =>
      'Let the new address in with `mountbar check --update-access` and the drive’s name. With a VPN on or off the address is another.',
  },
  'access-not-changeable': {
    title: 'The allowed addresses stay as they are',
    args: ['name', 'reason'],
    text: ({ name, reason }) =>
      sentence(`Mountbar does not change who may connect to ${named(name, 'this drive')}${because(reason)}`),
    fix: () => 'Change it where it was set: with `mountbar deploy --cidr`, or in the security group.',
  },
  'ssm-plugin-missing': {
    title: 'The Session Manager plugin is not installed',
    args: [],
    text: () => 'The way in “ssm” needs AWS’s program session-manager-plugin, and it is not on this machine.',
    fix: () =>
      'Install it (on a Mac: brew install --cask session-manager-plugin, or AWS’s own installer), then mount the drive again.',
  },
  'ssm-instance-offline': {
    title: 'The instance takes no sessions',
    args: ['instanceId'],
    text: ({ instanceId }) =>
      `Systems Manager has no connection to the instance ${named(instanceId, 'of the stack')}.`,
    fix: () =>
      'A new instance takes some minutes. Otherwise start it in the EC2 console, and see that it has a way out to the Internet.',
  },
  'ssm-session-failed': {
    title: 'The session to the instance ended',
    args: ['instanceId', 'reason'],
    text: ({ instanceId, reason }) =>
      sentence(
        `Forwarding a port through the instance ${named(instanceId, 'of the stack')} failed${because(reason)}`,
      ),
    fix: () =>
      'It is started again by itself. If it goes on, check that you may start sessions (ssm:StartSession).',
  },

  // The app's own files and input
  'settings-unreadable': {
    title: 'The list of drives cannot be read',
    args: ['path', 'reason'],
    text: ({ path, reason }) =>
      `The settings file ${named(path, '')}`.trimEnd() + ` cannot be read${because(reason)}.`,
    fix: () =>
      'Repair or remove the file; your own files are not affected, and folders can be mounted again.',
  },
  'settings-from-the-future': {
    title: 'The list of drives is from a newer Mountbar',
    args: ['version'],
    text: ({ version }) =>
      `The settings were written by a newer Mountbar${version === undefined ? '' : ` (format ${version})`}, and are left as they are.`,
    fix: () => 'Install the newer version again.',
  },
  'settings-set-aside': {
    title: 'The list of drives starts anew',
    args: ['path'],
    text: ({ path }) =>
      `The settings file could not be understood. It was set aside${path === undefined ? '' : ` as “${path}”`}, and Mountbar starts without drives.`,
    fix: () => 'Your files are not affected. Add the drives again, or repair the file and put it back.',
  },
  offline: {
    title: 'No network',
    args: [],
    text: () => 'This machine is in no network, so Amazon S3 Files cannot be reached.',
    fix: () => 'Nothing is lost: what you save is kept here, and is delivered when there is a network again.',
  },
  'state-dir-unusable': {
    title: 'Mountbar’s own folder cannot be used',
    args: ['path', 'reason'],
    text: ({ path, reason }) =>
      `Mountbar cannot keep its data in ${named(path, 'its folder')}${because(reason)}.`,
    fix: () =>
      'Make the folder writable for you alone, or choose another one with the environment variable MOUNTBAR_HOME.',
  },
  'message-invalid': {
    title: 'Two parts of Mountbar do not understand each other',
    args: ['reason'],
    text: ({ reason }) => `A part of Mountbar got a message it cannot read${because(reason)}.`,
    fix: () => 'This happens when two versions run at once: unmount all drives, then mount them again.',
  },
  usage: {
    title: 'Not understood',
    args: ['reason'],
    text: ({ reason }) => sentence(capital(given(reason, 'The command was not understood'))),
    fix: () => 'See `mountbar --help`.',
  },
  'check-failed': {
    title: 'A check did not pass',
    args: ['check', 'reason'],
    text: ({ check, reason }) =>
      `The check ${named(check, '')}`.trimEnd() + ` did not pass${because(reason)}.`,
    fix: () => 'Do what is said next to it, then run it again.',
  },
  'command-missing': {
    title: 'A program is missing',
    args: ['command'],
    text: ({ command }) =>
      `The program ${named(command, 'that is needed')} is not installed or not where it should be.`,
    fix: () => 'Run `mountbar doctor`: it says what to install.',
  },
  'command-failed': {
    title: 'A program failed',
    args: ['command', 'exitCode', 'reason'],
    text: ({ command, exitCode, reason }) =>
      `The program ${named(command, 'that was started')} failed${ending(exitCode, undefined)}${because(reason)}.`,
    fix: () => 'Try again; if it fails again, `mountbar doctor` may say why.',
  },
  'command-timeout': {
    title: 'A program took too long',
    args: ['command', 'timeoutMs'],
    text: ({ command, timeoutMs }) =>
      `The program ${named(command, 'that was started')} was not done within ${duration(timeoutMs, 'the time allowed')} and was stopped.`,
    fix: () => 'Try again; if the machine is very busy, wait until it is less so.',
  },
  unexpected: {
    title: 'Something unexpected happened',
    args: ['logPath'],
    text: () => 'Mountbar ran into something that it was not prepared for.',
    fix: ({ logPath }) =>
      `${logPath === undefined ? 'The log has the details' : `The details are in ${logPath}`}. Please report it together with what you did.`,
  },
}

/** The sentences for an error, or for what is left of it after a process border. */
export function messageFor({ code, args }: SerializedError): MessageText {
  const entry = messages[code]
  const fix = entry.fix?.(args)
  return { title: entry.title, text: entry.text(args), ...(fix === undefined ? {} : { fix }) }
}

type Arg = string | number | undefined

/** A name or path in quotation marks, or `otherwise` where none is known. */
function named(arg: Arg, otherwise: string): string {
  return arg === undefined ? otherwise : `“${arg}”`
}

function given(arg: Arg, otherwise: string): string {
  return arg === undefined ? otherwise : String(arg)
}

function size(bytes: Arg): string {
  const gibibytes = Number(bytes) / 1024 ** 3
  return gibibytes >= 1 ? `${Math.round(gibibytes * 10) / 10} GiB` : `${String(bytes)} bytes`
}

/** `line 3 of ~/.aws/config`, or as much of it as is known. */
function placed(path: Arg, line: Arg, otherwise: string): string {
  return line === undefined ? named(path, otherwise) : `line ${line} of ${named(path, otherwise)}`
}

/** Where a mistake is, behind the sentence about it. */
function at(path: Arg, line: Arg): string {
  if (path === undefined) return line === undefined ? '' : ` (line ${line})`
  return ` (${placed(path, line, '')})`
}

function because(reason: Arg): string {
  return reason === undefined || reason === '' ? '' : `: ${String(reason).replace(/\.$/, '')}`
}

function ending(exitCode: Arg, signal: Arg): string {
  if (signal !== undefined) return ` (${signal})`
  return exitCode === undefined ? '' : ` with code ${exitCode}`
}

function duration(timeoutMs: Arg, otherwise: string): string {
  return timeoutMs === undefined ? otherwise : `${Math.round(Number(timeoutMs) / 100) / 10} seconds`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function sentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`
}
