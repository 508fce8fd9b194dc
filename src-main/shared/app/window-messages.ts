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
  'stack-unknown': 'Choose one of the list; another account or region has others.',
  'stack-foreign': 'Choose another name. Mountbar leaves stacks alone that it did not make.',
  'stack-busy': 'Wait until that is done, then try again.',
  'stack-rolled-back':
    'Choose another name, or delete the stack in the CloudFormation console; nothing of it is in use.',
  'stack-choice-invalid': 'Change what the message names.',
  'stack-open-refused':
    'Give your own address. If everybody is meant, say so: TLS and IAM then decide alone.',
  'stack-role-failed':
    'Look for a bucket policy, a KMS key policy or a rule of your organization that keeps the role out. Then deploy again.',
  'stack-quota':
    'Delete what is no longer needed, choose another region, or ask AWS for a higher limit under Service Quotas.',
  'stack-name-taken':
    'Choose another name, or use the bucket that is there; names of buckets are unique in the whole world.',
  'stack-timeout': 'It goes on in AWS. Look at the stack again later.',
  'region-without-s3files': 'Choose a region that has it. File system and bucket have to be in the same one.',
  'bucket-missing': 'Check the spelling, or have a new one made.',
  'bucket-elsewhere': 'Deploy in its region.',
  'bucket-unversioned':
    'Turn on versioning in the bucket’s properties. Old versions cost storage until a lifecycle rule removes them.',
  'public-address-unknown': 'Try again when the network is back, or choose another way in.',
  'stack-outputs-missing': 'Wait until it is complete. If it failed, deploy it again.',
  'stack-in-use': 'Unmount it first, which delivers what was saved; then try again.',
  'stack-not-removed':
    'Remove what is in the way, then remove the stack again: it continues where it stopped.',
  'access-point-needed': 'Add the drive with that access point, or ask who manages the file system.',
  'access-point-read-only':
    'What other programs put into the bucket belongs to user 0. Use an access point with user 0, or one with a folder that is made for its user; or make the drive read-only.',
  'address-not-allowed': 'Let the new address in. With a VPN on or off the address is another.',
  'access-not-changeable': 'Change it where it was set: by deploying again, or in the security group.',
  'ssm-plugin-missing': 'Install it with AWS’s own installer, then mount the drive again.',
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
