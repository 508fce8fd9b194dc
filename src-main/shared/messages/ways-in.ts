import type { Messages } from './entry.ts'
import { because, given, named, sentence } from './phrases.ts'

export const wayInMessages = {
  'file-system-missing': {
    title: 'The file system does not exist',
    args: ['fileSystemId', 'region'],
    text: ({ fileSystemId, region }) =>
      `There is no file system ${named(fileSystemId, 'of this id')}${region === undefined ? '' : ` in ${region}`}, for this AWS account.`,
    fix: () => 'Check id, region and profile. If its stack was removed, so was the file system.',
  },
  'file-system-not-ready': {
    title: 'The file system is not available',
    args: ['fileSystemId', 'status', 'reason'],
    text: ({ fileSystemId, status, reason }) =>
      sentence(
        `The file system ${named(fileSystemId, 'of this drive')} is ${given(status, 'not available')}${because(reason)}`,
      ),
    fix: ({ status }) =>
      status === 'creating'
        ? 'Wait some minutes. If a reason is given, its role cannot do its work: correct the role, then make the file system anew.'
        : 'See it in the S3 console, under File systems.',
  },
  'mount-target-missing': {
    title: 'There is no mount target',
    args: ['fileSystemId'],
    text: ({ fileSystemId }) =>
      `The file system ${named(fileSystemId, 'of this drive')} has no mount target, so nobody can connect to it.`,
    fix: () => 'Create one in the subnet that your way in leads to, or deploy a stack, which makes one.',
  },
  'mount-target-not-ready': {
    title: 'The mount target is not available',
    args: ['fileSystemId', 'status', 'reason'],
    text: ({ fileSystemId, status, reason }) =>
      sentence(
        `The mount target of ${named(fileSystemId, 'the file system')} is ${given(status, 'not available')}${because(reason)}`,
      ),
    fix: () => 'A new one takes up to five minutes. Wait, then try again.',
  },
  'access-point-missing': {
    title: 'The access point does not exist',
    args: ['accessPointId', 'fileSystemId'],
    text: ({ accessPointId, fileSystemId }) =>
      `There is no access point ${named(accessPointId, 'of this id')} of the file system ${named(fileSystemId, 'of this drive')}.`,
    fix: () =>
      'Choose another one. A change of its user or folder makes a new access point: forget the drive and add it again.',
  },
  'access-point-not-ready': {
    title: 'The access point is not available',
    args: ['accessPointId', 'status'],
    text: ({ accessPointId, status }) =>
      `The access point ${named(accessPointId, 'of this drive')} is ${given(status, 'not available')}.`,
    fix: () => 'Wait a moment, then try again.',
  },
  'access-point-needed': {
    title: 'The file system wants another access point',
    args: ['fileSystemId', 'accessPointId'],
    text: ({ fileSystemId, accessPointId }) =>
      `The policy of the file system ${named(fileSystemId, 'of this drive')} refuses everybody who does not come through ${accessPointId === undefined ? 'its access point' : `the access point ${accessPointId}`}.`,
    fix: () => 'Forget the drive and add it with --access-point, or ask who manages the file system.',
  },
  'access-point-read-only': {
    title: 'Nothing can be saved through the access point',
    args: ['accessPointId', 'uid', 'folder'],
    text: ({ accessPointId, uid, folder }) =>
      `The access point ${named(accessPointId, 'of this drive')} acts as the user ${given(uid, 'it names')}, who may not write in ${named(folder, 'its folder')}.`,
    fix: () =>
      'What other programs put into the bucket belongs to user 0. Use an access point with user 0, or one with a folder that is made for its user; or mount the drive with --read-only.',
  },
  'address-not-allowed': {
    title: 'Your address is not let in any more',
    args: ['address', 'allowed', 'name'],
    text: ({ address, allowed, name }) =>
      `Your public address is ${given(address, 'another one')} now, and the load balancer${name === undefined ? '' : ` of the stack ${name}`} lets in ${given(allowed, 'others')} only.`,
    fix: () =>
      'Let the new address in with `mountbar check --update-access` and the drive’s name. With a VPN on or off the address is another.',
  },
  'access-not-changeable': {
    title: 'The allowed addresses stay as they are',
    args: ['name', 'reason'],
    text: ({ name, reason }) =>
      sentence(`Mountbar does not change who may connect to ${named(name, 'this drive')}${because(reason)}`),
    fix: () => 'Change it where it was set: with `mountbar deploy --cidr`, or in the security group.',
  },
  'ssm-plugin-missing': {
    title: 'The Session Manager plugin is not installed',
    args: [],
    text: () => 'The way in “ssm” needs AWS’s program session-manager-plugin, and it is not on this machine.',
    fix: () =>
      'Install it (on a Mac: brew install --cask session-manager-plugin, or AWS’s own installer), then mount the drive again.',
  },
  'ssm-instance-offline': {
    title: 'The instance takes no sessions',
    args: ['instanceId'],
    text: ({ instanceId }) =>
      `Systems Manager has no connection to the instance ${named(instanceId, 'of the stack')}.`,
    fix: () =>
      'A new instance takes some minutes. Otherwise start it in the EC2 console, and see that it has a way out to the Internet.',
  },
  'ssm-session-failed': {
    title: 'The session to the instance ended',
    args: ['instanceId', 'reason'],
    text: ({ instanceId, reason }) =>
      sentence(
        `Forwarding a port through the instance ${named(instanceId, 'of the stack')} failed${because(reason)}`,
      ),
    fix: () =>
      'It is started again by itself. If it goes on, check that you may start sessions (ssm:StartSession).',
  },
} as const satisfies Messages
