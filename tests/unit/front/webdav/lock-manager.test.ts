import { beforeEach, describe, expect, test } from 'vitest'

import { guardLocks } from '../../../../src-main/front/webdav/locks/lock-guard.ts'
import { LockManager, type Lock } from '../../../../src-main/front/webdav/locks/lock-manager.ts'
import { parsePath } from '../../../../src-main/front/vfs/path.ts'
import { FakeClock } from '../../../fakes/fake-clock.ts'

let clock: FakeClock
let locks: LockManager

beforeEach(() => {
  clock = new FakeClock()
  locks = new LockManager(clock)
})

function take(
  path: string,
  wanted: Partial<Pick<Lock, 'scope' | 'depth' | 'timeoutSec'>> = {},
): Lock | undefined {
  const result = locks.lock({
    path: parsePath(path),
    rootHref: path,
    scope: 'exclusive',
    depth: 0,
    ownerXml: '',
    timeoutSec: 600,
    ...wanted,
  })
  return 'granted' in result ? result.granted : undefined
}

describe('granting', () => {
  test.each([
    ['/a', 'exclusive', 0, '/a', 'exclusive', 0, false],
    ['/a', 'shared', 0, '/a', 'shared', 0, true],
    ['/a', 'shared', 0, '/a', 'exclusive', 0, false],
    ['/a', 'exclusive', 0, '/a', 'shared', 0, false],
    ['/d', 'exclusive', 'infinity', '/d/f', 'exclusive', 0, false],
    ['/d', 'exclusive', 0, '/d/f', 'exclusive', 0, true],
    ['/d/f', 'exclusive', 0, '/d', 'exclusive', 'infinity', false],
    ['/d/f', 'exclusive', 0, '/d', 'exclusive', 0, true],
    ['/d/f', 'shared', 0, '/d', 'shared', 'infinity', true],
    ['/d', 'exclusive', 'infinity', '/dd', 'exclusive', 0, true],
    ['/', 'exclusive', 'infinity', '/x', 'shared', 0, false],
  ] as const)(
    'with %s locked (%s, depth %s), a lock on %s (%s, depth %s) is granted: %s',
    (first, scope1, depth1, second, scope2, depth2, granted) => {
      expect(take(first, { scope: scope1, depth: depth1 })).toBeDefined()
      expect(take(second, { scope: scope2, depth: depth2 }) !== undefined).toBe(granted)
    },
  )

  test('a lock that has run out stands in nobody’s way', async () => {
    take('/a', { timeoutSec: 10 })
    await clock.advance(9_999)
    expect(take('/a')).toBeUndefined()
    await clock.advance(1)
    expect(take('/a')).toBeDefined()
  })

  test('a renewed lock lasts from the renewal on', async () => {
    const held = take('/a', { timeoutSec: 10 })
    await clock.advance(9_000)
    expect(locks.refresh(held?.token ?? '', parsePath('/a'), 10)).toMatchObject({ token: held?.token })
    await clock.advance(9_000)
    expect(take('/a')).toBeUndefined()
  })

  test('a lock is renewed and given back only through a path it covers', () => {
    const held = take('/d', { depth: 'infinity' })
    const token = held?.token ?? ''
    expect(locks.refresh(token, parsePath('/other'), 10)).toBeUndefined()
    expect(locks.unlock(token, parsePath('/other'))).toBe(false)
    expect(locks.unlock(token, parsePath('/d/f'))).toBe(true)
    expect(locks.unlock(token, parsePath('/d/f'))).toBe(false)
  })

  test('locks end with what they protect', () => {
    take('/d/f')
    locks.forget(parsePath('/d'))
    expect(locks.covering(parsePath('/d/f'))).toEqual([])
  })
})

describe('guarding', () => {
  const change = (
    path: string,
    parts: { tree?: boolean; membership?: boolean } = {},
  ): Parameters<typeof guardLocks>[2] => ({
    path: parsePath(path),
    tree: false,
    membership: false,
    ...parts,
  })
  const attempt = (tokens: readonly string[], what: Parameters<typeof guardLocks>[2]): void =>
    guardLocks(locks, new Set(tokens), what, (path) => `/s${path}`)

  test('a change without the token is refused, and says where the lock is', () => {
    const held = take('/a')
    expect(() => attempt([], change('/a'))).toThrow(expect.objectContaining({ status: 423, href: '/s/a' }))
    expect(() => attempt(['urn:wrong'], change('/a'))).toThrow(expect.objectContaining({ status: 423 }))
    expect(() => attempt([held?.token ?? ''], change('/a'))).not.toThrow()
  })

  test('one of several shared tokens is enough', () => {
    const [one] = [take('/a', { scope: 'shared' }), take('/a', { scope: 'shared' })]
    expect(() => attempt([one?.token ?? ''], change('/a'))).not.toThrow()
  })

  test('removing a tree needs the tokens of all that is locked in it', () => {
    const held = take('/d/e/f')
    expect(() => attempt([], change('/d', { tree: true }))).toThrow(
      expect.objectContaining({ href: '/s/d/e/f' }),
    )
    expect(() => attempt([held?.token ?? ''], change('/d', { tree: true }))).not.toThrow()
  })

  test('a lock on a folder alone protects its membership, not the content of its files', () => {
    take('/d', { depth: 0 })
    expect(() => attempt([], change('/d/f'))).not.toThrow()
    expect(() => attempt([], change('/d/f', { membership: true }))).toThrow(
      expect.objectContaining({ href: '/s/d' }),
    )
  })
})
