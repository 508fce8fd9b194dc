import { open, readFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

import { mountDavfs2, type Davfs2Mount } from '../../harness/davfs2.ts'
import { startTestFront, type TestFront } from '../../harness/front.ts'
import { needs } from '../../harness/needs.ts'

const maxSize = 300_000
const steps = 250

/** As the classic `fsx`: writes, reads, truncations and reopenings at random places of one file. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      at: fc.nat(maxSize - 1),
      length: fc.integer({ min: 1, max: 40_000 }),
      fill: fc.nat(255),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      at: fc.nat(maxSize - 1),
      length: fc.nat(60_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('truncate' as const), size: fc.nat(maxSize) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sync' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

needs('davfs2')('random access through a mounted volume', () => {
  let front: TestFront
  let volume: Davfs2Mount
  beforeAll(async () => {
    front = await startTestFront()
  })
  afterAll(() => front.stop())
  beforeEach(async () => {
    volume = await mountDavfs2(front.url)
  })
  afterEach(() => volume[Symbol.asyncDispose]())

  test.for([1, 2, 3].map((seed) => [seed]))('keeps the file equal to its model (seed %i)', async ([seed]) => {
    const name = `fsx-${seed!}.bin`
    const path = join(volume.mountDir, name)
    const sample = fc.sample(step, { seed: seed!, numRuns: steps })
    let model: Buffer = Buffer.alloc(0)
    let file = await open(path, 'w+')
    for (const [index, one] of sample.entries()) {
      if (one.kind === 'reopen') {
        await file.close()
        file = await open(path, 'r+')
      } else {
        model = await apply(one, file, model, index)
      }
    }
    await file.close()
    expect((await readFile(path)).equals(model)).toBe(true)
    await volume.unmount()
    expect((await readFile(join(front.rootDir, name))).equals(model)).toBe(true)
  })
})

/** Does one step to the file and to the model, which is returned; a read compares the two. */
async function apply(
  one: Exclude<Step, { kind: 'reopen' }>,
  file: FileHandle,
  model: Buffer,
  index: number,
): Promise<Buffer> {
  switch (one.kind) {
    case 'write': {
      const data = Buffer.alloc(Math.min(one.length, maxSize - one.at), one.fill)
      await file.write(data, 0, data.length, one.at)
      const grown = Buffer.alloc(Math.max(model.length, one.at + data.length))
      model.copy(grown)
      data.copy(grown, one.at)
      return grown
    }
    case 'truncate': {
      await file.truncate(one.size)
      const cut = Buffer.alloc(one.size)
      model.copy(cut)
      return cut
    }
    case 'read': {
      const into = Buffer.alloc(one.length)
      const { bytesRead } = await file.read(into, 0, one.length, one.at)
      const expected = model.subarray(one.at, one.at + one.length)
      expect(into.subarray(0, bytesRead).equals(expected), `step ${index}`).toBe(true)
      return model
    }
    case 'sync':
      await file.sync()
      return model
  }
}
