import type { Messages } from './entry.ts'
import { because, capital, duration, ending, given, named } from './phrases.ts'

export const driveMessages = {
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
} as const satisfies Messages
