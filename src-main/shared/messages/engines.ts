import type { Messages } from './entry.ts'
import { because, duration, given, named } from './phrases.ts'

export const engineMessages = {
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
} as const satisfies Messages
