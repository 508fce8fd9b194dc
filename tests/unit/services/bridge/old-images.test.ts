import { expect, test } from 'vitest'

import { bridgeImageLabels } from '../../../../docker/bridge/api/image.ts'
import { silentLogger } from '../../../../src-main/lib/logger.ts'
import { removeOldImages } from '../../../../src-main/services/bridge/old-images.ts'
import type { ImageFacts } from '../../../../src-main/services/bridge/ports.ts'
import { AppError } from '../../../../src-main/shared/errors.ts'

const current = 'mountbar-bridge:new'
const old: ImageFacts = { refs: ['mountbar-bridge:old'], labels: bridgeImageLabels, isUsed: false }

async function removedOf(images: readonly ImageFacts[], refused: readonly string[] = []): Promise<string[]> {
  const removed: string[] = []
  const engine = {
    listImages: () => Promise.resolve(images),
    removeImage: (ref: string) => {
      if (refused.includes(ref)) return Promise.reject(new AppError('engine-failed'))
      removed.push(ref)
      return Promise.resolve()
    },
  }
  await removeOldImages(engine, current, silentLogger)
  return removed
}

test.each<readonly [string, Partial<ImageFacts>, readonly string[]]>([
  ['an image of an earlier bridge', {}, ['mountbar-bridge:old']],
  [
    'one with a registry that an engine has put before it',
    { refs: ['localhost/mountbar-bridge:old'] },
    ['localhost/mountbar-bridge:old'],
  ],
  [
    'all names of it',
    { refs: ['mountbar-bridge:a', 'mountbar-bridge:b'] },
    ['mountbar-bridge:a', 'mountbar-bridge:b'],
  ],
  ['not the one that runs', { refs: [current] }, []],
  ['not the one that runs by another name', { refs: ['mountbar-bridge:same', current] }, []],
  ['not what a container uses', { isUsed: true }, []],
  ['not what has no label of ours', { labels: {} }, []],
  ['not what has another value of it', { labels: { 'mountbar.image': 'other' } }, []],
  ['not what somebody has given another name', { refs: ['mountbar-bridge:old', 'mine:1'] }, []],
  ['not what has no name', { refs: [] }, []],
])('removes %s', async (_what, facts, expected) => {
  expect(await removedOf([{ ...old, ...facts }])).toEqual(expected)
})

test('what an engine does not remove keeps nothing else', async () => {
  const other = { ...old, refs: ['mountbar-bridge:older'] }
  expect(await removedOf([old, other], ['mountbar-bridge:old'])).toEqual(['mountbar-bridge:older'])
})
