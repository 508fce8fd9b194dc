import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { findProgram } from '../../../scripts/debian/find-program.ts'
import { missingPackages } from '../../../scripts/debian/install.ts'
import { testPackages } from '../../../scripts/debian/packages.ts'

describe('finding a program', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'mountbar-find-'))
  })
  afterEach(() => rm(dir, { recursive: true }))

  test('takes the first executable on the search path', async () => {
    await writeFile(join(dir, 'mountbar-tool'), '')
    await chmod(join(dir, 'mountbar-tool'), 0o755)
    expect(findProgram('mountbar-tool', `/nowhere:${dir}`)).toBe(join(dir, 'mountbar-tool'))
  })

  test('passes over what is not executable', async () => {
    await writeFile(join(dir, 'mountbar-tool'), '')
    await chmod(join(dir, 'mountbar-tool'), 0o644)
    expect(findProgram('mountbar-tool', dir)).toBeUndefined()
  })
})

describe('the packages the tests use', () => {
  test('are missing when their program is', () => {
    const missing = missingPackages(testPackages, (program) =>
      program === 'mount.davfs' ? undefined : `/bin/${program}`,
    )
    expect(missing.map(({ name }) => name)).toEqual(['davfs2'])
  })

  test('are each named once', () => {
    const names = testPackages.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)])
  })
})
