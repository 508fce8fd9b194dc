import type { Messages } from './entry.ts'
import { because, capital, duration, named } from './phrases.ts'

export const volumeMessages = {
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
} as const satisfies Messages
