import { expect, it } from 'vitest'

import { OpenedQueue } from './open-queue.ts'

const count = 10_000

it('ten thousand pending uploads are taken up in order, listed, moved as one and delivered', async () => {
  await using opened = new OpenedQueue()
  opened.backend.mkdir('/d')
  await opened.see('/d')
  opened.backend.scriptEveryCall({ before: new Promise(() => undefined) })
  for (let index = 0; index < count; index++) await opened.put(`/d/${index}`, 'x')
  expect(opened.queue.totals()).toMatchObject({ pending: count, pendingBytes: count })
  opened.backend.scriptEveryCall(undefined)
  await opened.restart()
  await opened.move('/d', '/e')
  expect(await opened.names('/e')).toHaveLength(count)
  opened.backend.resetCalls()
  while (opened.queue.totals().pending > 0) await opened.clock.advance(1)
  const written = opened.backend.log.filter((line) => line.startsWith('write'))
  expect(written).toEqual(Array.from({ length: count }, (_, index) => `write /e/${index}`))
  expect(opened.store.load()).toEqual([])
})
