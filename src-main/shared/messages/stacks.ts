import type { Messages } from './entry.ts'
import { because, capital, given, named, sentence } from './phrases.ts'

export const stackMessages = {
  'stack-unknown': {
    title: 'There is no such stack',
    args: ['name', 'region'],
    text: ({ name, region }) =>
      `There is no stack ${named(name, 'of this name')}${region === undefined ? '' : ` in ${region}`}.`,
    fix: () => 'See `mountbar stacks`; with --region and --profile it looks elsewhere.',
  },
  'stack-foreign': {
    title: 'The name belongs to another stack',
    args: ['name'],
    text: ({ name }) => `There is a stack ${named(name, 'of this name')} that is not one of Mountbar’s.`,
    fix: () => 'Choose another name with --name. Mountbar leaves stacks alone that it did not make.',
  },
  'stack-busy': {
    title: 'The stack is being changed',
    args: ['name', 'status'],
    text: ({ name, status }) =>
      `CloudFormation is working on the stack ${named(name, 'you chose')}${status === undefined ? '' : ` (${status})`}.`,
    fix: ({ name }) =>
      `Watch it with \`mountbar deploy --watch --name ${given(name, 'NAME')}\`, then try again.`,
  },
  'stack-rolled-back': {
    title: 'What is left of a failed stack is in the way',
    args: ['name'],
    text: ({ name }) =>
      `The stack ${named(name, 'you chose')} failed when it was made, and what is left of it takes up the name.`,
    fix: ({ name }) =>
      `Remove it with \`mountbar deploy --replace-failed --name ${given(name, 'NAME')}\`, which deploys anew; nothing of it is in use.`,
  },
  'stack-stuck': {
    title: 'The stack needs a hand',
    args: ['name', 'status'],
    text: ({ name, status }) =>
      `The stack ${named(name, 'you chose')} cannot go on by itself${status === undefined ? '' : ` (${status})`}.`,
    fix: () =>
      'Its events in the CloudFormation console say what is in the way. Remove that, then continue the rollback there, or delete the stack again.',
  },
  'stack-choice-invalid': {
    title: 'This cannot be deployed',
    args: ['choice', 'wanted'],
    text: ({ choice, wanted }) =>
      sentence(
        `${capital(given(choice, 'one of the choices'))} has to be ${given(wanted, 'something else')}`,
      ),
    fix: () => 'See `mountbar deploy --help` and docs/deploy.md.',
  },
  'stack-open-refused': {
    title: 'Not open to everybody',
    args: ['cidr'],
    text: ({ cidr }) =>
      `With ${given(cidr, 'this range')}, everybody on the Internet could knock at your files.`,
    fix: () =>
      'Give your own address, as in --cidr 203.0.113.7/32. If everybody is meant, add --open-to-the-internet: TLS and IAM then decide alone.',
  },
  'stack-plan-failed': {
    title: 'AWS cannot plan this',
    args: ['reason'],
    text: ({ reason }) => sentence(`CloudFormation made no plan${because(reason)}`),
    fix: () => 'Change what it names, then try again.',
  },
  'stack-plan-outdated': {
    title: 'The plan is out of date',
    args: ['name'],
    text: ({ name }) =>
      `The stack ${named(name, 'you chose')} was changed by somebody else after the plan was made.`,
    fix: () => 'Deploy again: a new plan is made and shown.',
  },
  'stack-role-failed': {
    title: 'S3 Files cannot work with the bucket',
    args: ['fileSystem', 'reason'],
    text: ({ fileSystem, reason }) =>
      sentence(
        `The file system ${named(fileSystem, 'of the stack')} stays in “creating”, because its role cannot do its work${because(reason)}`,
      ),
    fix: () =>
      'Look for a bucket policy, a KMS key policy or a rule of your organization that keeps the role out, and give --kms-key for a bucket with a key of its own. Then deploy again.',
  },
  'stack-quota': {
    title: 'A limit of your AWS account is reached',
    args: ['resource', 'reason'],
    text: ({ resource, reason }) =>
      sentence(`AWS did not make ${given(resource, 'a resource of the stack')}${because(reason)}`),
    fix: () =>
      'Delete what is no longer needed, choose another region, give a network of your own with --vpc and --subnet, or ask AWS for a higher limit under Service Quotas.',
  },
  'stack-denied': {
    title: 'AWS did not permit a part of the stack',
    args: ['resource', 'action'],
    text: ({ resource, action }) =>
      `Your AWS role may not ${action === undefined ? 'do what is needed' : `do ${action}`} for ${given(resource, 'a resource of the stack')}.`,
    fix: () =>
      'Ask your administrator for the policy in docs/permissions.md, or deploy with another profile.',
  },
  'stack-blocked': {
    title: 'Your organization forbids a part of the stack',
    args: ['resource', 'action'],
    text: ({ resource, action }) =>
      `A rule of your AWS organization forbids ${given(action, 'what is needed')} for ${given(resource, 'a resource of the stack')}. No policy of your own can change that.`,
    fix: () =>
      'Ask those who run the organization, or use another account or region. The way in “private” needs the least.',
  },
  'stack-name-taken': {
    title: 'The name is taken in AWS',
    args: ['resource', 'name'],
    text: ({ resource, name }) =>
      `AWS did not make ${given(resource, 'a resource')}: the name ${named(name, 'it was to have')} is taken, maybe by another account.`,
    fix: () =>
      'Choose another name. For a bucket of yours that is there already, use --bucket; names of buckets are unique in the whole world.',
  },
  'stack-failed': {
    title: 'The stack was not made',
    args: ['resource', 'reason'],
    text: ({ resource, reason }) =>
      sentence(`AWS failed at ${given(resource, 'a resource of the stack')}${because(reason)}`),
    fix: () => 'What was made is taken back. Change what the message names, then deploy again.',
  },
  'stack-cancelled': {
    title: 'Deploying was cancelled',
    args: ['name', 'bucket'],
    text: ({ name, bucket }) =>
      `The stack ${named(name, 'you chose')} was not deployed; what had been made was taken back${bucket === undefined ? '' : `, all but the empty bucket “${bucket}”`}.`,
    fix: () => 'Deploy again when you want to.',
  },
  'stack-timeout': {
    title: 'AWS takes very long',
    args: ['name'],
    text: ({ name }) =>
      `CloudFormation still works on the stack ${named(name, 'you chose')}; nobody watches it any more.`,
    fix: ({ name }) => `Go on watching with \`mountbar deploy --watch --name ${given(name, 'NAME')}\`.`,
  },
  'region-without-s3files': {
    title: 'S3 Files is not in this region',
    args: ['region'],
    text: ({ region }) => `AWS does not offer S3 Files in ${given(region, 'this region')}, or not yet.`,
    fix: () =>
      'Choose a region that has it, with --region. File system and bucket have to be in the same one.',
  },
  'bucket-missing': {
    title: 'The bucket does not exist',
    args: ['bucket'],
    text: ({ bucket }) => `There is no bucket ${named(bucket, 'of this name')}.`,
    fix: () => 'Check the spelling, or leave --bucket out: a new one is made.',
  },
  'bucket-elsewhere': {
    title: 'The bucket is in another region',
    args: ['bucket', 'region', 'wanted'],
    text: ({ bucket, region, wanted }) =>
      `The bucket ${named(bucket, 'you chose')} is in ${given(region, 'another region')}, and the stack would be in ${given(wanted, 'this one')}. They have to be together.`,
    fix: ({ region }) => `Deploy in its region: --region ${given(region, 'REGION')}.`,
  },
  'bucket-unversioned': {
    title: 'The bucket keeps no versions',
    args: ['bucket'],
    text: ({ bucket }) =>
      `S3 Files needs a bucket that keeps versions; ${named(bucket, 'this one')} does not.`,
    fix: ({ bucket }) =>
      `Turn them on: \`aws s3api put-bucket-versioning --bucket ${given(bucket, 'BUCKET')} --versioning-configuration Status=Enabled\`. Old versions cost storage until a lifecycle rule removes them.`,
  },
  'bucket-encryption': {
    title: 'S3 Files cannot use this encryption',
    args: ['bucket', 'kind'],
    text: ({ bucket, kind }) =>
      `The bucket ${named(bucket, 'you chose')} is encrypted with ${given(kind, 'something')} that S3 Files does not know.`,
    fix: () => 'Change its default encryption to SSE-S3 or SSE-KMS, or use another bucket.',
  },
  'public-address-unknown': {
    title: 'Your public address is not known',
    args: ['reason'],
    text: ({ reason }) =>
      sentence(`Nobody could say which address your connections come from${because(reason)}`),
    fix: () => 'Give it: --cidr 203.0.113.7/32, with your own address.',
  },
  'stack-outputs-missing': {
    title: 'The stack cannot be mounted yet',
    args: ['name', 'status'],
    text: ({ name, status }) =>
      `The stack ${named(name, 'you chose')} does not say where its file system is${status === undefined ? '' : ` (${status})`}.`,
    fix: () => 'Wait until it is complete: `mountbar stacks` shows it. If it failed, deploy it again.',
  },
  'stack-in-use': {
    title: 'Drives use the stack',
    args: ['name', 'drives'],
    text: ({ name, drives }) =>
      `The stack ${named(name, 'you chose')} cannot be removed while ${given(drives, 'a drive of it')} is mounted.`,
    fix: () => 'Unmount with `mountbar unmount`, which delivers what was saved, then try again.',
  },
  'stack-not-removed': {
    title: 'The stack is not removed yet',
    args: ['name', 'reason'],
    text: ({ name, reason }) =>
      sentence(`Not everything of the stack ${named(name, 'you chose')} could be removed${because(reason)}`),
    fix: ({ name }) =>
      `Remove what is in the way, then go on with \`mountbar destroy ${given(name, 'NAME')}\`: it continues where it stopped.`,
  },
  'exports-pending': {
    title: 'Not everything is in the bucket yet',
    args: ['fileSystemId', 'count'],
    text: ({ fileSystemId, count }) =>
      `The file system ${named(fileSystemId, 'of the stack')} still holds ${count === undefined ? 'changes' : count === 1 ? '1 change' : `${count} changes`} that the bucket does not have; S3 Files does not delete it before.`,
    fix: () =>
      'Wait some minutes, then try again. If it does not become less, a file may be one that S3 cannot take: see ExportFailures in CloudWatch.',
  },
  'bucket-name-differs': {
    title: 'The bucket stays',
    args: ['bucket'],
    text: ({ bucket }) => `What was typed is not the name of the bucket ${named(bucket, 'of the stack')}.`,
    fix: () =>
      'Nothing was deleted from it. To delete it with all versions of all files, type its exact name.',
  },
  'bucket-in-use': {
    title: 'The bucket is in use',
    args: ['bucket'],
    text: ({ bucket }) => `A file system is attached to the bucket ${named(bucket, 'of the stack')}.`,
    fix: () => 'Remove that file system first; file systems of other stacks can be on the same bucket.',
  },
} as const satisfies Messages
