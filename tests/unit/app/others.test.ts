import { afterEach, expect, test } from 'vitest'

import { aDrive } from '../../fakes/fake-drive-list.ts'
import type { FakeFront } from '../../fakes/fake-fronts.ts'
import { mountedElsewhere } from './mounted-elsewhere.ts'
import { openApp, type OpenApp } from './open-app.ts'

let cleanup = new AsyncDisposableStack()
afterEach(async () => {
  await cleanup.disposeAsync()
  cleanup = new AsyncDisposableStack()
})

const drive = aDrive({ sourceDir: import.meta.dirname })

/** Its drive is mounted by another process. */
async function open(before: (front: FakeFront) => void): Promise<OpenApp & { readonly front: FakeFront }> {
  const opened = cleanup.use(
    await openApp({
      drives: [drive],
      before: async (common) => {
        await mountedElsewhere(drive, common)
        before(common.fronts.running.get(drive.id)!)
      },
    }),
  )
  return { ...opened, front: opened.fronts.running.get(drive.id)! }
}

test('two versions of a file in a drive that another process holds are told of, and not those before the app began', async () => {
  const { front, pass, happened, fronts } = await open((running) => {
    running.conflicts = 3
  })
  const told = (): readonly unknown[] => happened.map(({ kind, driveId }) => [kind, driveId])
  await pass(4_000)
  expect(told()).toEqual([])
  front.conflicts = 5
  await pass(4_000)
  await pass(4_000)
  expect(told()).toEqual([
    ['conflict', drive.id],
    ['conflict', drive.id],
  ])
  fronts.silent.add(drive.id)
  await pass(4_000)
  front.conflicts = 6
  fronts.silent.delete(drive.id)
  await pass(4_000)
  expect(told()).toHaveLength(3)
})

test('a front that has started again counts anew', async () => {
  const { front, pass, happened } = await open((running) => {
    running.conflicts = 3
  })
  await pass(4_000)
  front.conflicts = 0
  await pass(4_000)
  front.conflicts = 1
  await pass(4_000)
  expect(happened.map(({ kind }) => kind)).toEqual(['conflict'])
})
