import { describe } from 'vitest'

import { createContentCache } from '../../../../../src-main/front/vfs/content/content-cache.ts'
import { systemClock } from '../../../../../src-main/lib/clock.ts'
import { describeBackend } from '../../../../contract/backend-contract.ts'
import { makeLocalBackend } from '../../../../contract/local/local-subject.ts'
import { makeTempDir } from '../../../../harness/temp-dir.ts'

const gibibyte = 1024 ** 3

describe.each([
  ['with room for everything', gibibyte],
  ['with room for next to nothing', 1],
])('%s', (name, maxBytes) => {
  describeBackend(`a folder behind a content cache ${name}`, async () => {
    const subject = await makeLocalBackend({ durable: false })
    const { dir, [Symbol.asyncDispose]: removeDir } = await makeTempDir('content')
    const cache = createContentCache({
      inner: subject.backend,
      dir,
      maxBytes,
      reserveBytes: 0,
      clock: systemClock,
    })
    return {
      backend: cache.backend,
      [Symbol.asyncDispose]: async () => {
        await cache[Symbol.asyncDispose]()
        await subject[Symbol.asyncDispose]()
        await removeDir()
      },
    }
  })
})
