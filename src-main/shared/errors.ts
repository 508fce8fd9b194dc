/**
 * Every failure Mountbar knows, by code. Adapters translate foreign errors (errno, exit codes, HTTP status) into
 * one of these exactly once; the sentence a person reads is made from the code in `messages.ts`.
 */
export const errorCodes = [
  // The file tree
  'not-found',
  'already-exists',
  'not-a-directory',
  'is-a-directory',
  'parent-missing',
  'permission-denied',
  'read-only',
  'name-invalid',
  'name-too-long',
  'file-too-large',
  'no-space',
  'busy',
  'outside-root',
  'body-incomplete',
  'cancelled',
  'stalled',
  'backend-failed',
  // Uploads
  'upload-unknown',
  'upload-ambiguous',
  'uploads-kept',
  'upload-recovered',
  'upload-damaged',
  'conflict-kept-both',
  // Volumes
  'mounter-missing',
  'mount-point-missing',
  'mount-point-not-empty',
  'mount-point-in-use',
  'mount-point-inside-source',
  'mount-refused',
  'mount-unreachable',
  'mount-unauthorized',
  'mount-cancelled',
  'mount-timeout',
  'already-mounted',
  'not-mounted',
  'unmount-busy',
  'unmount-failed',
  // Drives and fronts
  'drive-unknown',
  'drive-ambiguous',
  'source-missing',
  'source-not-a-folder',
  'front-start-failed',
  'front-died',
  'front-timeout',
  'port-taken',
  'front-state-unreadable',
  // Container engines
  'engine-missing',
  'engine-not-running',
  'engine-denied',
  'engine-remote',
  'engine-too-old',
  'engine-rootless',
  'engine-arch',
  'engine-no-nfs',
  'engine-mount-denied',
  'engine-disk-full',
  'engine-timeout',
  'engine-failed',
  'image-missing',
  'image-build-failed',
  'image-pull-failed',
  // Bridges to S3 Files
  'bridge-died',
  'bridge-timeout',
  'bridge-mount-failed',
  'tunnel-failed',
  'access-denied',
  'identity-expired',
  'clock-skewed',
  'remote-path-missing',
  'server-unresolved',
  'server-unreachable',
  'server-refused',
  'server-closed',
  'server-untrusted',
  'server-name-wrong',
  'server-silent',
  // AWS profiles and sign-in
  'aws-config-unreadable',
  'aws-config-broken',
  'profile-unknown',
  'profile-incomplete',
  'profile-invalid',
  'profile-source-missing',
  'profile-cycle',
  'sign-in-needed',
  'sign-in-expired',
  'sign-in-denied',
  'sign-in-timeout',
  'sign-in-refused',
  'sign-in-not-used',
  'sso-cache-unusable',
  'sso-role-denied',
  'session-expired',
  'mfa-needed',
  'mfa-rejected',
  'role-denied',
  'credentials-rejected',
  'credentials-missing',
  'credential-process-failed',
  'web-identity-unreadable',
  'web-identity-rejected',
  'aws-denied',
  'aws-unreachable',
  'aws-timeout',
  'aws-throttled',
  'aws-failed',
  // Stacks: the AWS side of a drive
  'stack-unknown',
  'stack-foreign',
  'stack-busy',
  'stack-rolled-back',
  'stack-stuck',
  'stack-choice-invalid',
  'stack-open-refused',
  'stack-plan-failed',
  'stack-plan-outdated',
  'stack-role-failed',
  'stack-quota',
  'stack-denied',
  'stack-blocked',
  'stack-name-taken',
  'stack-failed',
  'stack-cancelled',
  'stack-timeout',
  'region-without-s3files',
  'bucket-missing',
  'bucket-elsewhere',
  'bucket-unversioned',
  'bucket-encryption',
  'public-address-unknown',
  'stack-outputs-missing',
  'stack-in-use',
  'stack-not-removed',
  'exports-pending',
  'bucket-name-differs',
  'bucket-in-use',
  // What a drive on S3 Files needs, and the ways to it
  'file-system-missing',
  'file-system-not-ready',
  'mount-target-missing',
  'mount-target-not-ready',
  'access-point-missing',
  'access-point-not-ready',
  'access-point-needed',
  'access-point-read-only',
  'address-not-allowed',
  'access-not-changeable',
  'ssm-plugin-missing',
  'ssm-instance-offline',
  'ssm-session-failed',
  // The app's own files and input
  'settings-unreadable',
  'settings-from-the-future',
  'settings-set-aside',
  'app-not-started',
  'offline',
  'state-dir-unusable',
  'message-invalid',
  'usage',
  'check-failed',
  'command-missing',
  'command-failed',
  'command-timeout',
  'unexpected',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** Facts about one failure that its sentence needs: paths, names, limits. Never a secret. */
export type ErrorArgs = Readonly<Record<string, string | number>>

/** What crosses a process border: `cause` and the stack stay in the log of the process that saw them. */
export interface SerializedError {
  readonly code: ErrorCode
  readonly args: ErrorArgs
}

/** An expected failure. `code` decides what happens next, `args` fill the sentence, `cause` is for the log. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly args: ErrorArgs

  constructor(code: ErrorCode, args: ErrorArgs = {}, options: { readonly cause?: unknown } = {}) {
    super(code, options)
    this.name = 'AppError'
    this.code = code
    this.args = args
  }

  toJSON(): SerializedError {
    return { code: this.code, args: this.args }
  }
}

/** True for an `AppError`, with one of `codes` where any are given. */
export function isAppError(error: unknown, ...codes: readonly ErrorCode[]): error is AppError {
  return error instanceof AppError && (codes.length === 0 || codes.includes(error.code))
}

/** Any thrown value as an `AppError`; what is not one already becomes `unexpected` with the value as its cause. */
export function toAppError(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError('unexpected', {}, { cause: error })
}
