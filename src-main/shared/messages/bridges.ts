import type { Messages } from './entry.ts'
import { because, capital, duration, ending, given, named } from './phrases.ts'

export const bridgeMessages = {
  'bridge-died': {
    title: 'The bridge stopped',
    args: ['exitCode', 'reason'],
    text: ({ exitCode, reason }) =>
      `The container between this machine and S3 Files ended unexpectedly${ending(exitCode, undefined)}${because(reason)}.`,
    fix: () =>
      'It is started again by itself, and nothing that was saved is lost. If it goes on, see the log.',
  },
  'bridge-timeout': {
    title: 'The bridge does not answer',
    args: ['timeoutMs'],
    text: ({ timeoutMs }) =>
      `The container between this machine and S3 Files was not ready within ${duration(timeoutMs, 'the time allowed')}.`,
    fix: () => 'Try again; if it happens again, restart the container engine.',
  },
  'bridge-mount-failed': {
    title: 'S3 Files could not be mounted',
    args: ['reason'],
    text: ({ reason }) => `Mounting the file system inside the bridge failed${because(reason)}.`,
    fix: () => 'Check the file system’s id and region, then try again.',
  },
  'tunnel-failed': {
    title: 'The secure tunnel stopped',
    args: ['reason'],
    text: ({ reason }) =>
      `The program that keeps the encrypted connection to AWS does not run${because(reason)}.`,
    fix: () => 'It is started again by itself. If it goes on, see the log.',
  },
  'access-denied': {
    title: 'AWS does not let you in',
    args: ['fileSystemId'],
    text: ({ fileSystemId }) =>
      `Your AWS sign-in is not allowed to open the file system ${named(fileSystemId, 'of this drive')}, or is no longer valid.`,
    fix: () =>
      'Sign in again. If that does not help, check region and access point, and ask your administrator for s3files:ClientMount (and s3files:ClientWrite).',
  },
  'identity-expired': {
    title: 'Your AWS sign-in has expired',
    args: ['fileSystemId'],
    text: ({ fileSystemId }) =>
      `The permission to open the file system ${named(fileSystemId, 'of this drive')} has run out and could not be renewed.`,
    fix: () => 'Sign in to AWS again; the drive goes on by itself.',
  },
  'clock-skewed': {
    title: 'The clocks do not agree',
    args: ['skewMinutes', 'peer'],
    text: ({ skewMinutes, peer }) =>
      `The clock of ${given(peer, 'the container engine')} and that of this machine differ by ${given(skewMinutes, 'more than a few')} minutes, and AWS refuses requests whose time is wrong.`,
    fix: ({ peer }) =>
      peer === undefined
        ? 'Let the machine set its time automatically, and restart the container engine.'
        : 'Let the machine set its time automatically; Mountbar goes on by itself.',
  },
  'remote-path-missing': {
    title: 'The folder is not in the file system',
    args: ['path'],
    text: ({ path }) =>
      `The file system has no folder ${named(path, 'of that name')}, or the access point’s folder is gone.`,
    fix: () => 'Check the folder of the drive and its access point.',
  },
  'server-unresolved': {
    title: 'The address is unknown',
    args: ['host'],
    text: ({ host }) => `The name ${named(host, 'of the server')} cannot be resolved.`,
    fix: () =>
      'Check the internet connection, the VPN and the address of the drive: its load balancer may have been deleted.',
  },
  'server-unreachable': {
    title: 'AWS cannot be reached',
    args: ['host', 'port'],
    text: ({ host, port }) =>
      `The network does not lead to ${named(host, 'the server')}${port === undefined ? '' : `, port ${port}`}.`,
    fix: () =>
      'Try another network or connect the VPN: many block port 2049. Otherwise ask your administrator about security groups and the load balancer.',
  },
  'server-refused': {
    title: 'Nobody answers at the address',
    args: ['host', 'port'],
    text: ({ host, port }) =>
      `${capital(named(host, 'the server'))} refuses connections${port === undefined ? '' : ` on port ${port}`}.`,
    fix: () => 'Check the address of the drive, and that its load balancer or forwarded port is there.',
  },
  'server-closed': {
    title: 'The connection was closed',
    args: ['host'],
    text: ({ host }) => `${capital(named(host, 'the server'))} closes each connection before it is of use.`,
    fix: () =>
      'The mount target may be unavailable, or the port may be a wrong one. Try again in a few minutes.',
  },
  'server-untrusted': {
    title: 'The connection is not trusted',
    args: ['host'],
    text: ({ host }) =>
      `Something between this machine and AWS replaces the secure connection to ${named(host, 'the server')}: its certificate is not Amazon’s.`,
    fix: () =>
      'Switch off TLS inspection (a company proxy, antivirus software) for this address, or use another network.',
  },
  'server-name-wrong': {
    title: 'Another server answered',
    args: ['host', 'expected'],
    text: ({ host, expected }) =>
      `The certificate of ${named(host, 'the server')} is made out to another name${expected === undefined ? '' : ` than ${expected}`}.`,
    fix: () => 'Check file system, region and address of the drive: they do not belong together.',
  },
  'server-silent': {
    title: 'AWS does not answer',
    args: ['timeoutMs'],
    text: ({ timeoutMs }) =>
      `The connection stands, but the file system has not answered within ${duration(timeoutMs, 'the time allowed')}.`,
    fix: () => 'The drive tries on by itself. If it lasts, check that the mount target is available.',
  },
} as const satisfies Messages
