import type { ErrorArgs, ErrorCode, SerializedError } from '../errors.ts'
import { messageFor, type MessageText } from '../messages.ts'

/** The way out where a window has another than the command line has: buttons in place of commands and options. */
const fixes: Partial<Readonly<Record<ErrorCode, string | ((args: ErrorArgs) => string)>>> = {
  'permission-denied': 'Change the permissions, or choose another place.',
  'read-only': 'To allow changes, switch off Read-only in the drive’s settings and mount it again.',
  'no-space': ({ maxBytes }) =>
    maxBytes === undefined
      ? 'Make room on the disk, then save again.'
      : 'Wait until some of them have arrived (Activity shows them), then save again.',
  'upload-unknown': 'It may have been delivered meanwhile.',
  'upload-ambiguous': 'Look for it in Activity.',
  'uploads-kept': 'Mount the drive to deliver them. Removing it all the same gives them up for good.',
  'mounter-missing': 'Save the diagnostics in Settings: they say what to install.',
  'mount-point-missing': 'Create the folder, or choose another one in the drive’s settings.',
  'mount-point-not-empty': 'Choose an empty folder in the drive’s settings, or move the files away.',
  'mount-point-in-use': 'Unmount that volume, or choose another folder in the drive’s settings.',
  'mount-point-inside-source': 'Choose a mount point outside of the folder, or another folder.',
  'mount-refused':
    'Try again. If it happens twice, save the diagnostics in Settings: they say what is in the way.',
  'mount-unreachable': 'A proxy setting without an exception for 127.0.0.1 is a common cause.',
  'mount-unauthorized': 'A proxy that answers in place of the drive is a common cause.',
  'mount-timeout': 'Try again. If it happens twice, restart the Mac.',
  'already-mounted': 'Use it there, or unmount it first.',
  'not-mounted': 'Mount it first.',
  'unmount-busy':
    'Close its files and leave its folders in every terminal, then try again. Unmounted anyway, unsaved changes are lost.',
  'unmount-failed': 'Try again, or unmount it anyway: unsaved changes are then lost.',
  'drive-unknown': 'It may have been removed meanwhile.',
  'drive-ambiguous': 'Give the drives names that differ.',
  'source-missing': 'Connect the disk it is on, or create it; or remove the drive from the list.',
  'front-start-failed': 'Try again. If it happens twice, save the diagnostics in Settings.',
  'port-taken': 'End that program and mount the drive again.',
  'sign-in-needed': 'Sign in here or with the AWS CLI; drives go on by themselves.',
  'sign-in-expired': 'Sign in again, here or with the AWS CLI; drives go on by themselves.',
  'sign-in-timeout':
    'Sign in again. Where the browser cannot come back to this Mac, sign in with a code instead.',
  'sign-in-refused':
    'Check sso_start_url, sso_region and sso_registration_scopes of the profile in ~/.aws/config.',
  'sign-in-not-used': 'Choose a profile that does; Accounts shows which.',
  usage: 'Try it another way, and please report it.',
  'command-missing': 'Save the diagnostics in Settings: they say what to install.',
  'command-failed': 'Try again; if it fails again, the diagnostics in Settings may say why.',
}

/** The sentences for an error as a window shows them. */
export function windowMessageFor(error: SerializedError): MessageText {
  const fix = fixes[error.code]
  const message = messageFor(error)
  if (fix === undefined) return message
  return { ...message, fix: typeof fix === 'string' ? fix : fix(error.args) }
}
