import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

const rootDir = join(import.meta.dirname, '../../..')
const packaging = (await readFile(join(rootDir, 'electron-builder.yml'), 'utf8')).split('\n')

test.each([
  '  runAsNode: false',
  '  enableNodeOptionsEnvironmentVariable: false',
  '  enableNodeCliInspectArguments: false',
  '  enableEmbeddedAsarIntegrityValidation: true',
  '  onlyLoadAppFromAsar: true',
  '  enableCookieEncryption: true',
  '  grantFileProtocolExtraPrivileges: false',
  '  hardenedRuntime: true',
])('the packaged app is made with “%s”', (line) => {
  expect(packaging.filter((other) => other === line)).toHaveLength(1)
})

test('of what the hardened runtime forbids it is allowed compiling alone', async () => {
  const text = await readFile(join(rootDir, 'resources/mac/entitlements.plist'), 'utf8')
  expect([...text.matchAll(/<key>(.*?)<\/key>/g)].map(([, key]) => key)).toEqual([
    'com.apple.security.cs.allow-jit',
  ])
})

test('what stacks are deployed from is packed where the program looks for it', () => {
  expect(packaging).toContain('  - out/templates/**')
})
