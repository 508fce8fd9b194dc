import { expect, test } from 'vitest'

import { fileSystemFrom, isFileSystemId } from '../../../src-main/cli/drives/file-system-options.ts'

const id = 'fs-0123456789abcdef0'
const enough = { region: 'eu-central-1', server: 'nlb.example.com' }

test.each([
  ['fs-0123456789abcdef0', true],
  ['fs-xyz', false],
  ['./fs-0123456789abcdef0', false],
  ['Photos', false],
])('%s is a file system: %s', (text, expected) => {
  expect(isFileSystemId(text)).toBe(expected)
})

test.each([
  ['nlb.example.com', { host: 'nlb.example.com', port: 2049 }],
  ['nlb.example.com:12049', { host: 'nlb.example.com', port: 12_049 }],
  ['10.0.0.7', { host: '10.0.0.7', port: 2049 }],
  ['[fd00::7]:2050', { host: 'fd00::7', port: 2050 }],
])('its server may be given as %s', (server, expected) => {
  expect(fileSystemFrom(id, { ...enough, server }).server).toEqual(expected)
})

test('all that can be said about it is kept', () => {
  const accessPoint = 'fsap-0123456789abcdef0'
  expect(
    fileSystemFrom(id, { ...enough, profile: 'dev', accessPoint, folder: '/photos', ca: '/ca.pem' }),
  ).toEqual({
    fileSystemId: id,
    region: 'eu-central-1',
    server: { host: 'nlb.example.com', port: 2049 },
    profile: 'dev',
    accessPointId: accessPoint,
    remotePath: '/photos',
    caPath: '/ca.pem',
  })
})

test.each([
  ['without a region', { region: undefined }, '--region'],
  ['without a server', { server: undefined }, '--server'],
  ['with a region that is none', { region: 'Frankfurt' }, '--region'],
  ['with a port that is none', { server: 'host:99999' }, '--server'],
  ['with too many colons', { server: 'a:b:c' }, '--server'],
  ['with an access point that is none', { accessPoint: 'fs-1' }, '--access-point'],
  ['with a relative folder', { folder: 'photos' }, '--folder'],
])('%s it is refused by the name of the option', (_, changes, option) => {
  expect(() => fileSystemFrom(id, { ...enough, ...changes } as never)).toThrow(
    expect.objectContaining({
      code: 'usage',
      args: { reason: expect.stringContaining(option) as string },
    }) as Error,
  )
})
