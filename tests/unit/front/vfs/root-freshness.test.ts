import { describe, expect, it } from 'vitest'

import { openVfs, type OpenedVfs } from '../../../harness/open-vfs.ts'

const ttlMs = 5_000
const forEver = new Promise<never>(() => undefined)

async function openListed(): Promise<OpenedVfs> {
  const opened = openVfs()
  await opened.client.names('/')
  await opened.clock.advance(ttlMs)
  opened.backend.resetCalls()
  return opened
}

describe('a look at the root', () => {
  it('costs nothing before anybody has listed it', async () => {
    await using opened = openVfs()
    await opened.client.stat('/')
    await opened.clock.advance(ttlMs)
    await opened.client.stat('/')
    expect(opened.backend.totalCalls).toBe(0)
  })

  it('lists it behind the answer when its listing is old, so that its stamp moves when something appears', async () => {
    await using opened = await openListed()
    opened.backend.put('/new', 'by somebody else')
    const before = await opened.client.stat('/')
    await opened.clock.advance(0)
    expect(opened.backend.log).toEqual(['list /'])
    const after = await opened.client.stat('/')
    expect(after.lastModifiedSec).toBeGreaterThan(before.lastModifiedSec)
  })

  it('lists it once in the time that listings are believed, however often it is looked at', async () => {
    await using opened = await openListed()
    for (let i = 0; i < 10; i++) {
      await opened.client.stat('/')
      await opened.clock.advance(ttlMs / 10)
    }
    expect(opened.backend.log).toEqual(['list /'])
  })

  it('does not wait for that listing, nor for others while it hangs', async () => {
    await using opened = await openListed()
    opened.backend.scriptEveryCall({ before: forEver })
    await opened.client.stat('/')
    await opened.clock.advance(ttlMs)
    await opened.client.stat('/')
    expect(opened.backend.calls.list).toBe(1)
  })

  it('leaves a backend in peace that is known to be stalled', async () => {
    await using opened = await openListed()
    opened.backend.scriptEveryCall({ before: forEver })
    opened.client.names('/never listed').catch(() => undefined)
    await opened.clock.advance(30_000)
    opened.backend.resetCalls()
    await opened.client.stat('/')
    expect(opened.backend.log).toEqual([])
  })
})
