import type { Messages } from './entry.ts'
import { at, because, capital, given, named, placed } from './phrases.ts'

export const accountMessages = {
  'aws-config-unreadable': {
    title: 'The AWS configuration cannot be read',
    args: ['path', 'reason'],
    text: ({ path, reason }) =>
      `${capital(named(path, 'the file with your AWS profiles'))} could not be read${because(reason)}.`,
    fix: () => 'Check who owns the file and its permissions. Mountbar only reads it.',
  },
  'aws-config-broken': {
    title: 'The AWS configuration has a mistake',
    args: ['path', 'line', 'reason'],
    text: ({ path, line, reason }) =>
      `${capital(placed(path, line, 'the file with your AWS profiles'))} is not understood${because(reason)}.`,
    fix: () => 'Correct the line in a text editor. Mountbar reads the file anew each time.',
  },
  'profile-unknown': {
    title: 'No such AWS profile',
    args: ['profile'],
    text: ({ profile }) => `There is no AWS profile ${named(profile, 'of that name')} on this machine.`,
    fix: () =>
      'Check the spelling, or make it with `aws configure sso`. In ~/.aws/config its heading is [profile name].',
  },
  'profile-incomplete': {
    title: 'The AWS profile is incomplete',
    args: ['profile', 'key', 'path', 'line'],
    text: ({ profile, key, path, line }) =>
      key === undefined
        ? `The AWS profile ${named(profile, 'you chose')} says nothing about how to sign in${at(path, line)}.`
        : `The AWS profile ${named(profile, 'you chose')} lacks ${key}${at(path, line)}.`,
    fix: () => 'Complete the profile in ~/.aws/config, or set it up anew with `aws configure sso`.',
  },
  'profile-invalid': {
    title: 'The AWS profile has a value that cannot be used',
    args: ['profile', 'key', 'path', 'line'],
    text: ({ profile, key, path, line }) =>
      `In the AWS profile ${named(profile, 'you chose')}, ${given(key, 'one of the values')} cannot be used${at(path, line)}.`,
    fix: () => 'Correct it in ~/.aws/config.',
  },
  'profile-source-missing': {
    title: 'The AWS profile refers to nothing',
    args: ['profile', 'source', 'path', 'line'],
    text: ({ profile, source, path, line }) =>
      `The AWS profile ${named(profile, 'you chose')} builds on ${named(source, 'another one')}, which does not exist${at(path, line)}.`,
    fix: () => 'Correct source_profile or sso_session in ~/.aws/config, or add what it names.',
  },
  'profile-cycle': {
    title: 'The AWS profiles refer to each other',
    args: ['profile', 'chain'],
    text: ({ profile, chain }) =>
      `The AWS profile ${named(profile, 'you chose')} builds on itself${because(chain)}.`,
    fix: () => 'One of the profiles needs credentials of its own instead of a source_profile.',
  },
  'sign-in-needed': {
    title: 'Sign in to AWS',
    args: ['profile'],
    text: ({ profile }) =>
      `${profile === undefined ? 'You are' : `For the AWS profile ${profile} you are`} not signed in.`,
    fix: () => 'Sign in with `mountbar login` or the AWS CLI; drives go on by themselves.',
  },
  'sign-in-expired': {
    title: 'Your AWS sign-in has ended',
    args: ['profile'],
    text: ({ profile }) =>
      `The sign-in ${profile === undefined ? '' : `of the AWS profile ${profile} `}has ended and could not be renewed without you.`,
    fix: () => 'Sign in again, with `mountbar login` or the AWS CLI; drives go on by themselves.',
  },
  'sign-in-denied': {
    title: 'The sign-in was not approved',
    args: [],
    text: () => 'AWS was told not to let Mountbar in.',
    fix: () => 'If that was a mistake, sign in again and choose Allow.',
  },
  'sign-in-timeout': {
    title: 'Nobody has approved the sign-in',
    args: [],
    text: () => 'The time for it was over before the sign-in was approved in the browser.',
    fix: () =>
      'Sign in again. Where the browser cannot come back to this machine, `mountbar login --device` can do without.',
  },
  'sign-in-refused': {
    title: 'AWS does not take the sign-in',
    args: ['reason'],
    text: ({ reason }) => `IAM Identity Center refuses what Mountbar asks for${because(reason)}.`,
    fix: () =>
      'Check sso_start_url, sso_region and sso_registration_scopes in ~/.aws/config: `mountbar accounts` says which profiles use them.',
  },
  'sign-in-not-used': {
    title: 'Nothing to sign in to',
    args: ['profile'],
    text: ({ profile }) =>
      `The AWS profile ${named(profile, 'you chose')} does not use IAM Identity Center, so there is no sign-in for it.`,
    fix: () =>
      'Name a profile that does; `mountbar accounts` lists them. One that wants a code asks for it when a drive is mounted: its session lives in the drive’s own process.',
  },
  'sso-cache-unusable': {
    title: 'The AWS sign-in cannot be kept',
    args: ['path', 'reason'],
    text: ({ path, reason }) =>
      `The file ${named(path, 'in which AWS’s programs keep sign-ins')} cannot be read or written${because(reason)}.`,
    fix: () => 'Make ~/.aws/sso/cache and what is in it yours, readable and writable for you alone.',
  },
  'sso-role-denied': {
    title: 'The role is not yours',
    args: ['role', 'account'],
    text: ({ role, account }) =>
      `Your sign-in does not give you the role ${named(role, 'of the profile')}${account === undefined ? '' : ` in the AWS account ${account}`}.`,
    fix: () =>
      'Check sso_account_id and sso_role_name in ~/.aws/config; otherwise ask your administrator to assign the permission set to you.',
  },
  'session-expired': {
    title: 'Your AWS session has ended',
    args: ['profile'],
    text: ({ profile }) =>
      `AWS no longer takes the temporary credentials ${profile === undefined ? 'that were in use' : `of the profile ${profile}`}: their time is over.`,
    fix: () => 'Sign in to AWS again, or put new credentials where the old ones came from.',
  },
  'mfa-needed': {
    title: 'AWS wants a code',
    args: ['profile', 'serial'],
    text: ({ profile, serial }) =>
      `The AWS profile ${named(profile, 'you chose')} needs a code from your authenticator${serial === undefined ? '' : ` (${serial})`}.`,
    fix: () =>
      'Mount the drive in a terminal and type the six digits that the authenticator shows; one that is mounted has to be unmounted first. They serve for one session.',
  },
  'mfa-rejected': {
    title: 'The code was not right',
    args: ['profile', 'serial'],
    text: ({ profile, serial }) =>
      `AWS did not take the code from the authenticator${serial === undefined ? '' : ` ${serial}`} for the profile ${named(profile, 'you chose')}.`,
    fix: () => 'Wait for the next code and try again. Each one works once, and only while it is shown.',
  },
  'role-denied': {
    title: 'AWS does not let you take the role',
    args: ['profile', 'role'],
    text: ({ profile, role }) =>
      `The credentials behind the AWS profile ${named(profile, 'you chose')} may not take the role ${named(role, 'that it names')}.`,
    fix: () =>
      'Ask your administrator: the role has to trust you, and you need sts:AssumeRole for it. A wrong external_id looks the same.',
  },
  'credentials-rejected': {
    title: 'AWS does not know these credentials',
    args: ['profile'],
    text: ({ profile }) =>
      `AWS does not accept the credentials of the profile ${named(profile, 'you chose')}: they are wrong, switched off or deleted.`,
    fix: () => 'Sign in again, or replace the keys. A key that was just made takes some seconds to be known.',
  },
  'credentials-missing': {
    title: 'There are no credentials',
    args: ['profile', 'place'],
    text: ({ profile, place }) =>
      `The AWS profile ${named(profile, 'you chose')} takes its credentials from ${given(place, 'elsewhere')}, and there are none.`,
    fix: () => 'Provide them there, or choose another profile.',
  },
  'credential-process-failed': {
    title: 'The program for credentials failed',
    args: ['profile'],
    text: ({ profile }) =>
      `The credential_process of the AWS profile ${named(profile, 'you chose')} did not give any usable credentials.`,
    fix: () => 'Run the program in a terminal to see what it says: Mountbar keeps none of its output.',
  },
  'web-identity-unreadable': {
    title: 'The identity token cannot be read',
    args: ['profile', 'path'],
    text: ({ profile, path }) =>
      `The web_identity_token_file of the AWS profile ${named(profile, 'you chose')}${path === undefined ? '' : `, ${path},`} could not be read.`,
    fix: () => 'Check the path, and the program that should write the file.',
  },
  'web-identity-rejected': {
    title: 'AWS did not take the identity token',
    args: ['profile'],
    text: ({ profile }) =>
      `The token of the AWS profile ${named(profile, 'you chose')} is expired or not one that AWS trusts.`,
    fix: () => 'Have the token written anew by the program that makes it.',
  },
  'aws-denied': {
    title: 'AWS did not permit it',
    args: ['action', 'profile'],
    text: ({ action, profile }) =>
      `${profile === undefined ? 'Your AWS role' : `The AWS profile ${profile}`} does not have the permission ${named(action, 'that is needed')}.`,
    fix: () => 'Ask your administrator for it, or choose another profile.',
  },
  'aws-unreachable': {
    title: 'AWS cannot be reached',
    args: ['host', 'reason'],
    text: ({ host, reason }) => `No connection to ${named(host, 'AWS')} could be made${because(reason)}.`,
    fix: () => 'Check the connection, the VPN and the proxy. Mountbar tries again by itself.',
  },
  'aws-timeout': {
    title: 'AWS does not answer',
    args: ['host'],
    text: ({ host }) => `${capital(named(host, 'AWS'))} took the request and has not answered in time.`,
    fix: () => 'Wait: Mountbar tries again by itself.',
  },
  'aws-throttled': {
    title: 'AWS asks for patience',
    args: ['operation'],
    text: ({ operation }) =>
      `There are too many requests to AWS at the moment${operation === undefined ? '' : ` (${operation})`}.`,
    fix: () => 'Wait: Mountbar tries again by itself.',
  },
  'aws-failed': {
    title: 'AWS reported a failure',
    args: ['operation', 'reason'],
    text: ({ operation, reason }) =>
      `${capital(named(operation, 'a request to AWS'))} failed${because(reason)}.`,
    fix: () => 'Try again later; the log has the details.',
  },
} as const satisfies Messages
