import { beforeEach, expect, test, vi } from 'vitest'

import { AppError } from '../../../src-main/shared/errors.ts'

const boxes = vi.hoisted(() => [] as { readonly title: string; readonly text: string }[])
vi.mock('electron', () => ({
  dialog: { showErrorBox: (title: string, text: string) => void boxes.push({ title, text }) },
}))
const { tellNotStarted } = await import('../../../src-main/app/shell/dialogs.ts')

beforeEach(() => {
  boxes.length = 0
})

test('an app that cannot start says what it misses, and where its log is', () => {
  tellNotStarted(new Error('Cannot find module ./chunks/s3.js'), '/logs/mountbar.log')
  expect(boxes).toEqual([
    { title: 'Mountbar could not start', text: expect.stringContaining('./chunks/s3.js') as string },
  ])
  expect(boxes[0]!.text).toContain('/logs/mountbar.log')
  expect(boxes[0]!.text).toContain('Install Mountbar again')
})

test('what has a code of its own is said in its own words', () => {
  tellNotStarted(
    new AppError('state-dir-unusable', { path: '/full', reason: 'no space' }),
    '/logs/mountbar.log',
  )
  expect(boxes).toMatchObject([{ title: 'Mountbar’s own folder cannot be used' }])
})
