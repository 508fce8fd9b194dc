import type { Messages } from './entry.ts'
import { because, capital, duration, ending, given, named, sentence } from './phrases.ts'

export const appMessages = {
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
  'app-not-started': {
    title: 'Mountbar could not start',
    args: ['path', 'reason'],
    text: ({ path, reason }) =>
      `Something that Mountbar needs to start is missing or damaged${because(reason)}.${path === undefined ? '' : ` Its log is at “${path}”.`} Your files are not affected: what was saved is kept, and is delivered once it runs again.`,
    fix: () => 'Install Mountbar again. If that does not help, please report it, with the log.',
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
} as const satisfies Messages
