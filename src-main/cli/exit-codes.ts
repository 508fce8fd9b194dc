import type { ErrorCode } from '../shared/errors.ts'

/** What the command's exit status says; `mountbar --help` shows this table. */
export const exitCodes = {
  ok: { status: 0, meaning: 'all done' },
  failed: { status: 1, meaning: 'failed; the message says why' },
  usage: { status: 2, meaning: 'the command line was not understood' },
  notFound: { status: 3, meaning: 'no such drive, folder, upload or AWS profile, or it is not mounted' },
  busy: {
    status: 4,
    meaning: 'in use: an open file, a taken mount point or port, saved files not delivered',
  },
  missing: { status: 5, meaning: 'this machine lacks something; see `mountbar doctor`' },
  interrupted: { status: 130, meaning: 'interrupted before it was done' },
} as const

export type Exit = keyof typeof exitCodes

const exitByError: Readonly<Partial<Record<ErrorCode, Exit>>> = {
  usage: 'usage',
  'stack-choice-invalid': 'usage',
  'stack-open-refused': 'usage',
  'mount-point-inside-source': 'usage',
  'sign-in-not-used': 'usage',
  'name-invalid': 'usage',
  'name-too-long': 'usage',
  'drive-unknown': 'notFound',
  'drive-ambiguous': 'notFound',
  'upload-unknown': 'notFound',
  'upload-ambiguous': 'notFound',
  'source-missing': 'notFound',
  'source-not-a-folder': 'notFound',
  'not-found': 'notFound',
  'not-mounted': 'notFound',
  'profile-unknown': 'notFound',
  'mount-point-missing': 'notFound',
  'stack-unknown': 'notFound',
  'bucket-missing': 'notFound',
  'stack-busy': 'busy',
  busy: 'busy',
  'unmount-busy': 'busy',
  'uploads-kept': 'busy',
  'already-mounted': 'busy',
  'mount-point-in-use': 'busy',
  'mount-point-not-empty': 'busy',
  'port-taken': 'busy',
  'stack-in-use': 'busy',
  'exports-pending': 'busy',
  'bucket-in-use': 'busy',
  'mounter-missing': 'missing',
  'command-missing': 'missing',
  'engine-missing': 'missing',
  'engine-not-running': 'missing',
  'engine-denied': 'missing',
  'engine-too-old': 'missing',
  'engine-rootless': 'missing',
  'engine-no-nfs': 'missing',
  'ssm-plugin-missing': 'missing',
  cancelled: 'interrupted',
  'stack-cancelled': 'interrupted',
  'mount-cancelled': 'interrupted',
}

/** Errors that are not named end in `failed`. */
export function exitForError(code: ErrorCode): Exit {
  return exitByError[code] ?? 'failed'
}
