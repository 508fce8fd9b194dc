import { commandSchemas, type CommandInput, type CommandName } from '../../../src-main/shared/app/commands.ts'

const driveId = 'photos'
const region = 'eu-central-1'
const ref = { profile: 'work', region, name: 'mountbar-photos' }
const fileSystem = {
  name: 'Photos',
  region,
  fileSystemId: 'fs-0123456789abcdef0',
  server: { host: 'nfs.example.com', port: 2049 },
}

/** What a well-behaved page sends, for each command. None of it is sent as it is. */
const fitting: { readonly [K in CommandName]: CommandInput<K> } = {
  'snapshot.get': {},
  'drive.mount': { driveId },
  'drive.unmount': { driveId, force: false, wait: false },
  'drive.let-in': { driveId },
  'drive.reveal': { driveId },
  'drive.copy-path': { driveId },
  'drive.open-console': { driveId },
  'drive.change': { driveId, changes: { name: 'Other' } },
  'drive.remove': { driveId, discardUploads: false },
  'drive.add-sandbox': { dir: '/tmp', mount: false },
  'drive.add-file-system': { fileSystem, mount: false },
  'upload.retry': { driveId, id: 1 },
  'upload.discard': { driveId, id: 1 },
  'upload.export': { driveId, id: 1 },
  'file.reveal': { driveId, paths: ['/a'] },
  'account.sign-in': { profile: 'work', method: 'browser' },
  'account.cancel-sign-in': { profile: 'work' },
  'account.sign-out': { profile: 'work' },
  'prompt.answer': { id: 'mfa-1', value: '123456' },
  'lookup.file-systems': { profile: 'work', region },
  'lookup.ways-in': { profile: 'work', region, fileSystemId: fileSystem.fileSystemId },
  'lookup.stacks': { profile: 'work', region },
  'stack.plan': { stack: { ...ref, bucket: { kind: 'new' }, wayIn: 'nlb' } },
  'stack.deploy': { ref },
  'stack.cancel': { ref },
  'stack.dismiss': { ref },
  'engine.choose': { address: 'unix:///var/run/docker.sock' },
  'engine.look-again': {},
  'settings.change': { openAtLogin: true, updateChannel: 'beta', notifications: { conflict: false } },
  'app.open-link': { link: 'docs' },
  'app.show-logs': {},
  'app.save-diagnostics': {},
  'app.reset': {},
  'app.install-update': {},
  'app.quit': {},
  'dialog.choose-folder': { title: 'Choose' },
  'popover.resize': { height: 400 },
  'popover.hide': {},
}

const whole = [null, undefined, true, 0, 'all', [], [{}], { unexpected: 1 }]
const parts = [
  null,
  true,
  -1.5,
  Number.MAX_VALUE,
  '',
  'x'.repeat(100_000),
  [],
  {},
  { $ne: null },
  'https://example.com/',
]

/** For a command all that fits it nearly: another kind of value, one field too many, or one of the wrong kind. */
export function hostilePayloads(name: CommandName): readonly unknown[] {
  const fit = fitting[name]
  const spoiled = Object.keys(fit).flatMap((field) => parts.map((part) => ({ ...fit, [field]: part })))
  const polluting: unknown = JSON.parse(`{"__proto__": ${JSON.stringify(fit)}, "extra": 1}`)
  const all = [...whole, { ...fit, unexpected: 1 }, [fit], JSON.stringify(fit), polluting, ...spoiled]
  // What is left out fits after all: an empty list of changes, say.
  return all.filter((payload) => !commandSchemas[name].safeParse(payload).success)
}

export const commandNames = Object.keys(fitting) as readonly CommandName[]

/** Names that are none, and that a table without care would find. */
export const notCommands: readonly unknown[] = [
  'toString',
  'constructor',
  '__proto__',
  'hasOwnProperty',
  'app.Quit',
  'app.quit ',
  'app',
  '',
  null,
  undefined,
  7,
  {},
  ['app.quit'],
]
