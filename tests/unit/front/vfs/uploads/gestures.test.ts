import { describe, expect, it } from 'vitest'

import type { UploadsOptions } from '../../../../../src-main/front/vfs/backend-layers.ts'
import { MemoryUploadStore } from '../../../../fakes/memory-upload-store.ts'
import { at, call, openVfs, type OpenedVfs } from '../../../../harness/open-vfs.ts'

interface Gesture {
  readonly title: string
  readonly does: (opened: OpenedVfs) => Promise<unknown>
  /** Calls the client waits for … */
  readonly waits: readonly string[]
  /** … and all calls, those of the deliveries included. */
  readonly costs: readonly string[]
}

const gestures: readonly Gesture[] = [
  {
    title: 'copying a file of 4 KB into a folder that was listed',
    does: async ({ client }) => {
      await expect(client.stat('/d/new')).rejects.toMatchObject({ code: 'not-found' })
      await client.write('/d/new', '')
      await client.write('/d/new', 'x'.repeat(4_096))
      await client.stat('/d/new')
      await client.names('/d')
      await client.read('/d/new')
    },
    waits: [],
    costs: ['stat /d/new', 'write /d/new'],
  },
  {
    title: 'saving over a file',
    does: ({ client }) => client.write('/d/old', 'new'),
    waits: [],
    costs: ['stat /d/old', 'write /d/old'],
  },
  {
    title: 'saving a draft and renaming it over the file',
    does: async ({ client }) => {
      await client.write('/d/draft', '')
      await client.write('/d/draft', 'new')
      await client.move('/d/draft', '/d/old')
    },
    waits: [],
    // The first look was the delivery's, which the renaming called off.
    costs: ['stat /d/draft', 'stat /d/old', 'write /d/old'],
  },
  {
    title: 'making a file and removing it again',
    does: async ({ client }) => {
      await client.write('/d/new', '')
      await client.remove('/d/new')
    },
    waits: [],
    costs: [],
  },
]

describe('calls to the backend', () => {
  it.each(gestures)('for $title', async ({ does, waits, costs }) => {
    await using opened = openQueued()
    opened.backend.put('/d/old', 'old')
    await opened.client.names('/')
    await opened.client.names('/d')
    opened.backend.resetCalls()
    // Deliveries cannot begin, so that whatever is called was waited for.
    const gate = Promise.withResolvers<undefined>()
    opened.backend.scriptEveryCall({ before: gate.promise })
    await does(opened)
    expect(opened.backend.log.filter((line) => !costs.includes(line))).toEqual(waits)
    gate.resolve(undefined)
    opened.backend.scriptEveryCall(undefined)
    await opened.clock.advance(10_000)
    expect(opened.backend.log).toEqual(costs)
  })
})

describe('a saved file', () => {
  it('has the same ETag and Last-Modified before and after its delivery', async () => {
    await using opened = openQueued()
    const { node } = await opened.client.write('/a', 'text')
    await opened.clock.advance(60_000)
    expect(opened.backend.snapshot()).toEqual({ '/a': 'text' })
    expect(await opened.client.stat('/a')).toEqual(node)
    expect((await opened.vfs.list(at('/'), call)).children.get('a')).toEqual(node)
  })

  it('that met somebody else’s shows theirs, and ours beside it, as soon as that is known', async () => {
    await using opened = openQueued()
    await opened.client.names('/')
    opened.backend.put('/a', 'theirs')
    await opened.client.write('/a', 'ours')
    await opened.clock.advance(1)
    const names = await opened.client.names('/')
    expect(names).toHaveLength(2)
    expect(await Promise.all(names.map((name) => opened.client.read(`/${name}`)))).toEqual(['theirs', 'ours'])
  })
})

function openQueued(): OpenedVfs {
  const uploads: UploadsOptions = { store: new MemoryUploadStore(), mode: 'queued', hostName: 'studio' }
  return openVfs({ uploads })
}
