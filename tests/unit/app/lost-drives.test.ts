import { afterEach, expect, test } from 'vitest'

import { aDrive } from '../../fakes/fake-drive-list.ts'
import { openApp, type OpenApp } from './open-app.ts'

let cleanup = new AsyncDisposableStack()
afterEach(async () => {
  await cleanup.disposeAsync()
  cleanup = new AsyncDisposableStack()
})

async function mounted(): Promise<OpenApp> {
  const here = aDrive({ sourceDir: import.meta.dirname })
  const opened = cleanup.use(await openApp({ drives: [here] }))
  await opened.do('drive.mount', { driveId: here.id })
  return opened
}

test('a drive that comes and goes is told of once in ten minutes, and one that stays away then after all', async () => {
  const opened = await mounted()
  const front = opened.fronts.running.get('abc234')!
  const told = (): readonly string[] => opened.happened.map(({ kind }) => kind)
  for (let minute = 0; minute < 4; minute += 1) {
    front.say({ type: 'stalled', operation: 'read' })
    await opened.pass(15_000)
    front.say({ type: 'recovered', afterMs: 15_000 })
    await opened.pass(45_000)
  }
  expect(told()).toEqual(['drive-lost', 'drive-back'])
  front.say({ type: 'stalled', operation: 'read' })
  await opened.pass(5 * 60_000)
  expect(told()).toHaveLength(2)
  await opened.pass(90_000)
  expect(told()).toEqual(['drive-lost', 'drive-back', 'drive-lost'])
})
