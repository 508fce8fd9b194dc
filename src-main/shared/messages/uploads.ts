import type { Messages } from './entry.ts'
import { given, named } from './phrases.ts'

export const uploadMessages = {
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
} as const satisfies Messages
