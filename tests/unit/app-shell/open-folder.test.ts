import { beforeEach, expect, test, vi } from 'vitest'

const done = vi.hoisted(() => [] as (readonly [what: string, path: string])[])
vi.mock('electron', () => ({
  shell: {
    openPath: (path: string) => {
      done.push(['open', path])
      return Promise.resolve(path === '/missing' ? 'there is none' : '')
    },
    showItemInFolder: (path: string) => void done.push(['show', path]),
  },
}))
const { openFolder } = await import('../../../src-main/app/shell/open-folder.ts')

beforeEach(() => {
  done.length = 0
})

test('a folder is opened', async () => {
  await openFolder('/home/ann/Photos')
  expect(done).toEqual([['open', '/home/ann/Photos']])
})

test.each(['/home/ann/Photos.app', '/home/ann/Photos.app/', '/home/ann/Photos.workflow'])(
  '%s is shown and not started',
  async (path) => {
    await openFolder(path)
    expect(done).toEqual([['show', path]])
  },
)

test('one that is gone is told', async () => {
  await expect(openFolder('/missing')).rejects.toMatchObject({
    code: 'not-found',
    args: { path: '/missing' },
  })
})
