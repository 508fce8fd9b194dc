import { describe, expect, it } from 'vitest'

import { at, call, openVfs } from '../../../harness/open-vfs.ts'
import { textOf } from '../../../fakes/memory-backend.ts'

const forEver = new Promise<never>(() => undefined)
const silence = { before: forEver }

describe('a silent backend', () => {
  it.each(['stat', 'list', 'read', 'statfs'] as const)(
    'is asked again for %s until it answers',
    async (method) => {
      await using opened = openVfs()
      opened.backend.put('/d/file', 'content')
      opened.backend.script(method, silence, silence)
      const asks = {
        stat: () => opened.client.stat('/d/file'),
        list: () => opened.client.names('/d'),
        read: () => opened.client.read('/d/file'),
        statfs: () => opened.vfs.statfs(call),
      }
      const answer = asks[method]()
      await opened.clock.advance(45_000)
      await expect(answer).resolves.toBeDefined()
      // Our own question whether it is still there is a statfs, too.
      expect(opened.backend.calls[method]).toBeGreaterThanOrEqual(3)
    },
  )

  it('is given up after a minute, well before macOS gives up on us', async () => {
    await using opened = openVfs()
    opened.backend.scriptEveryCall(silence)
    const answer = expect(opened.client.stat('/file')).rejects.toMatchObject({ code: 'stalled' })
    await opened.clock.advance(60_000)
    await answer
  })

  it('is not asked again for a change that has taken all of the time there is', async () => {
    await using opened = openVfs()
    opened.backend.script('makeDirectory', silence)
    const answer = expect(opened.client.mkdir('/d')).rejects.toMatchObject({ code: 'stalled' })
    await opened.clock.advance(60_000)
    await answer
    expect(opened.backend.calls.makeDirectory).toBe(1)
  })

  it('is reported once, and so is its recovery', async () => {
    const reports: (string | number)[] = []
    await using opened = openVfs({
      onStalled: (operation) => reports.push(operation),
      onRecovered: (afterMs) => reports.push(afterMs),
    })
    opened.backend.scriptEveryCall(silence)
    const answer = opened.client.stat('/file').catch(() => undefined)
    await opened.clock.advance(30_000)
    opened.backend.scriptEveryCall(undefined)
    await opened.clock.advance(30_000)
    await answer
    expect(reports).toEqual(['stat', expect.any(Number)])
  })

  it('does not keep what is in the cache from being shown, however old', async () => {
    await using opened = openVfs()
    opened.backend.put('/d/file', 'content')
    await opened.client.names('/d')
    await opened.clock.advance(3_600_000)
    opened.backend.scriptEveryCall(silence)

    const first = opened.client.names('/d')
    await opened.clock.advance(20_000)
    expect(await first).toEqual(['file'])
    // From now on it is known to be silent, and nobody waits for it.
    expect(await opened.client.names('/d')).toEqual(['file'])
    expect(await opened.client.stat('/d/file')).toMatchObject({ size: 7 })
  })

  it('is noticed to be back by the questions that stayed open', async () => {
    const reports: number[] = []
    await using opened = openVfs({ onRecovered: (afterMs) => reports.push(afterMs) })
    await opened.client.names('/')
    await opened.clock.advance(10_000)
    opened.backend.scriptEveryCall(silence)
    const stale = opened.client.names('/')
    await opened.clock.advance(20_000)
    expect(await stale).toEqual([])
    opened.backend.scriptEveryCall(undefined)
    opened.backend.put('/new', 'content')
    await opened.clock.advance(30_000)
    expect(reports).toHaveLength(1)
    expect(await opened.client.names('/')).toEqual(['new'])
  })

  it('does not hang a reader in the middle of a file for good', async () => {
    await using opened = openVfs()
    opened.backend.put('/file', 'content')
    const opening = opened.backend.read.bind(opened.backend)
    opened.backend.read = async (path, range, inner) => ({
      ...(await opening(path, range, inner)),
      body: hangingBody(),
    })
    const { body } = await opened.vfs.read(at('/file'), undefined, call)
    opened.backend.read = () => forEver
    const reading = expect(textOf(body)).rejects.toMatchObject({ code: 'stalled' })
    await opened.clock.advance(260_000)
    await reading
  })
})

describe('a backend that fails', () => {
  it('is asked three times, then believed', async () => {
    await using opened = openVfs()
    const failure = { error: 'backend-failed' } as const
    opened.backend.script('list', failure, failure, failure)
    const answer = expect(opened.client.names('/')).rejects.toMatchObject({ code: 'backend-failed' })
    await opened.clock.advance(1_000)
    await answer
    expect(opened.backend.calls.list).toBe(3)
  })

  it('is believed at once when it refuses', async () => {
    await using opened = openVfs()
    opened.backend.script('list', { error: 'permission-denied' })
    await expect(opened.client.names('/')).rejects.toMatchObject({ code: 'permission-denied' })
    expect(opened.backend.calls.list).toBe(1)
  })
})

describe('a client that leaves', () => {
  it('ends its call and the call to the backend', async () => {
    await using opened = openVfs()
    opened.backend.script('stat', silence)
    const leaver = new AbortController()
    const answer = opened.vfs.stat(at('/file'), { signal: leaver.signal })
    leaver.abort()
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' })
    expect(opened.clock.pendingCount).toBe(0)
  })

  it('stops the body it was reading', async () => {
    await using opened = openVfs()
    opened.backend.put('/file', 'x'.repeat(1_000_000))
    const leaver = new AbortController()
    const { body } = await opened.vfs.read(at('/file'), undefined, { signal: leaver.signal })
    const reading = (async () => {
      for await (const chunk of body) if (chunk.length > 0) leaver.abort()
    })()
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
    expect(opened.clock.pendingCount).toBe(0)
  })
})

describe('an upload', () => {
  it('may take its time as long as it is the client that is slow', async () => {
    await using opened = openVfs()
    const pause = Promise.withResolvers<undefined>()
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('first ')
      await pause.promise
      yield Buffer.from('second')
    }
    const writing = opened.vfs.write(at('/file'), body(), call)
    await opened.clock.advance(600_000)
    pause.resolve(undefined)
    await writing
    expect(await opened.client.read('/file')).toBe('first second')
  })

  it('ends as stalled when the backend takes no more of it', async () => {
    await using opened = openVfs()
    opened.backend.script('write', silence)
    const writing = expect(opened.client.write('/file', 'content')).rejects.toMatchObject({ code: 'stalled' })
    await opened.clock.advance(75_000)
    await writing
  })

  it('that breaks off leaves the old content and passes its own error on', async () => {
    await using opened = openVfs()
    await opened.client.write('/file', 'old')
    async function* body(): AsyncGenerator<Uint8Array> {
      await Promise.resolve()
      yield Buffer.from('half')
      throw new Error('connection lost')
    }
    await expect(opened.vfs.write(at('/file'), body(), call)).rejects.toThrow('connection lost')
    expect(await opened.client.read('/file')).toBe('old')
  })
})

async function* hangingBody(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('con')
  await forEver
}

describe('a body that breaks off', () => {
  const text = 'content that comes in two parts'

  it.each([
    ['falls silent', { kind: 'body-stall', afterBytes: 10 }],
    ['fails', { kind: 'disconnect', afterBytes: 10, code: 'backend-failed' }],
    ['ends early', { kind: 'short-read', afterBytes: 10 }],
    ['does not begin', { kind: 'disconnect', afterBytes: 0, code: 'stalled' }],
  ] as const)('because it %s is read on from there', async (_title, effect) => {
    await using opened = openVfs()
    opened.backend.put('/file', text)
    opened.faults.inject({ effect, methods: ['read'], times: 1 })
    const reading = opened.client.read('/file')
    await opened.clock.advance(30_000)
    expect(await reading).toBe(text)
    expect(opened.faults.calls.read).toBe(2)
  })

  it('in a range is read on within the range', async () => {
    await using opened = openVfs()
    opened.backend.put('/file', text)
    const effect = { kind: 'disconnect', afterBytes: 3, code: 'backend-failed' } as const
    opened.faults.inject({ effect, times: 2 })
    const reading = opened.vfs.read(at('/file'), { start: 8, end: 16 }, call)
    await opened.clock.advance(5_000)
    const piece = textOf((await reading).body)
    await opened.clock.advance(5_000)
    expect(await piece).toBe('that come')
  })

  it('is not mixed with another version of the file', async () => {
    await using opened = openVfs()
    opened.backend.put('/file', text)
    opened.faults.inject({ effect: { kind: 'disconnect', afterBytes: 10, code: 'stalled' }, times: 1 })
    const { body } = await opened.vfs.read(at('/file'), undefined, call)
    opened.backend.put('/file', text.toUpperCase())
    const reading = expect(textOf(body)).rejects.toMatchObject({ code: 'busy' })
    await opened.clock.advance(30_000)
    await reading
  })
})
