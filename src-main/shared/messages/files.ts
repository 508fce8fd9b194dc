import type { Messages } from './entry.ts'
import { because, capital, given, named, size } from './phrases.ts'

export const fileMessages = {
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
} as const satisfies Messages
