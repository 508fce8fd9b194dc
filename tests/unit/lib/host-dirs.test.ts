import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { maxSocketNameBytes, maxSocketPathBytes, resolveHostDirs } from '../../../src-main/lib/host-dirs.ts'

describe('the folders of the host', () => {
  test('on macOS are in the Library', () => {
    const support = '/Users/me/Library/Application Support/Mountbar'
    expect(resolveHostDirs({ platform: 'darwin', env: {}, homeDir: '/Users/me' })).toEqual({
      configDir: support,
      stateDir: support,
      cacheDir: '/Users/me/Library/Caches/Mountbar',
      logDir: '/Users/me/Library/Logs/Mountbar',
      runDir: `${support}/run`,
      volumesDir: `${support}/Volumes.noindex`,
    })
  })

  test('on Linux are where XDG puts them without being asked', () => {
    expect(resolveHostDirs({ platform: 'linux', env: {}, homeDir: '/home/me' })).toEqual({
      configDir: '/home/me/.config/mountbar',
      stateDir: '/home/me/.local/state/mountbar',
      cacheDir: '/home/me/.cache/mountbar',
      logDir: '/home/me/.local/state/mountbar/logs',
      runDir: '/home/me/.local/state/mountbar/run',
      volumesDir: '/home/me/.local/share/mountbar/Volumes.noindex',
    })
  })

  test('on Linux follow the XDG variables, but not relative ones', () => {
    const env = { XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s', XDG_CACHE_HOME: 'relative' }
    expect(resolveHostDirs({ platform: 'linux', env, homeDir: '/home/me' })).toMatchObject({
      configDir: '/c/mountbar',
      stateDir: '/s/mountbar',
      runDir: '/s/mountbar/run',
      cacheDir: '/home/me/.cache/mountbar',
    })
  })

  test.each(['darwin', 'linux'] as const)('are all below MOUNTBAR_HOME where it is set (%s)', (platform) => {
    const env = { MOUNTBAR_HOME: '/m', XDG_CONFIG_HOME: '/c' }
    const dirs = resolveHostDirs({ platform, env, homeDir: '/home/me' })
    expect(
      Object.values<string>({ ...dirs }).filter((dir) => dir !== '/m' && !dir.startsWith('/m/')),
    ).toEqual([])
  })

  test('leave room for the name of a socket, however long the home is', () => {
    const name = 'x'.repeat(maxSocketNameBytes)
    const runDirs = Array.from({ length: 120 }, (_, length) => {
      const homeDir = `/Users/${'ü'.repeat(length)}`
      return resolveHostDirs({ platform: 'darwin', env: {}, homeDir }).runDir
    })
    const lengths = runDirs.map((runDir) => Buffer.byteLength(join(runDir, name)))
    expect(Math.max(...lengths)).toBeLessThanOrEqual(maxSocketPathBytes)
    expect(new Set(runDirs).size).toBe(120)
  })
})
