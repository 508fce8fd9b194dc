import { expect, test, vi } from 'vitest'

import { createAppNap } from '../../../src-main/app/shell/app-nap.ts'
import { powerSaveBlocker } from '../../fakes/fake-electron.ts'

vi.mock('electron', () => import('../../fakes/fake-electron.ts'))

test('the app is kept from napping once, for as long as it must not', () => {
  const appNap = createAppNap()
  const running = (): number => powerSaveBlocker.running.size
  appNap.allow(true)
  expect(running()).toBe(0)
  appNap.allow(false)
  appNap.allow(false)
  expect(running()).toBe(1)
  appNap.allow(true)
  appNap.allow(true)
  expect(running()).toBe(0)
  appNap.allow(false)
  appNap[Symbol.dispose]()
  expect(running()).toBe(0)
})
