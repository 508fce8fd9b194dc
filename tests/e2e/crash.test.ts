import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { davClient, tryRequest, type Dav } from '../harness/dav-client.ts'
import { startTestFront, type TestFront } from '../harness/front.ts'
import { parseMultistatus } from '../harness/multistatus.ts'
import { waitFor } from '../harness/wait-for.ts'

const writers = 50
const rounds = 6
const seed = 20_261_121

/** How many of the writes are answered before the kill, and how large the bodies are: small ones end before it, large ones do not. */
const plans = fc.sample(
  fc.record({
    killAfter: fc.integer({ min: 1, max: writers - 10 }),
    sizes: fc.array(fc.integer({ min: 1, max: 1_500_000 }), { minLength: writers, maxLength: writers }),
  }),
  { seed, numRuns: rounds },
)

/** Told apart by every byte: a mixture of two versions would be equal to neither. */
function contentOf(file: number, round: number, size: number): Buffer {
  const block = createHash('sha512').update(`${file} of round ${round}`).digest()
  return Buffer.alloc(size, block)
}

describe('a front that is killed', () => {
  let front: TestFront
  let dav: Dav
  beforeAll(async () => {
    front = await startTestFront({ durable: true })
    dav = davClient(front)
    await dav('MKCOL', 'files')
  })
  afterAll(() => front.stop())

  test(`during ${writers} writes has every answered one whole and every other one old or whole (seed ${seed})`, async () => {
    /** By file: what must be there; `undefined` for "no such file". */
    const certain = new Map<number, Buffer | undefined>()
    let answeredInAll = 0
    let cutInAll = 0
    for (const [round, { killAfter, sizes }] of plans.entries()) {
      let answered = 0
      const writes = sizes.map(async (size, index) => {
        // Half of the files are written over in each round, half are new.
        const file = index % 2 === 0 ? index : round * writers + index
        const content = contentOf(file, round, size)
        const answer = await tryRequest({
          method: 'PUT',
          target: `${front.basePath}files/${file}`,
          port: front.port,
          body: content,
        }).catch(() => undefined)
        if (answer !== undefined) {
          expect([201, 204]).toContain(answer.status)
          answered += 1
        }
        return { file, content, wasAnswered: answer !== undefined }
      })
      await waitFor(() => answered >= killAfter, { what: `${killAfter} answers`, everyMs: 1 })
      await front.kill9()
      const outcomes = await Promise.all(writes)
      await front.restart()

      for (const { file, content, wasAnswered } of outcomes) {
        const found = await read(file)
        const allowed = wasAnswered ? [content] : [certain.get(file), content]
        expect(
          allowed.some((one) => isSame(one, found)),
          `file ${file} of round ${round}`,
        ).toBe(true)
        certain.set(file, found)
      }
      answeredInAll += outcomes.filter(({ wasAnswered }) => wasAnswered).length
      cutInAll += outcomes.filter(({ wasAnswered }) => !wasAnswered).length
    }
    // Both kinds must have occurred, or nothing was tested.
    expect(answeredInAll).toBeGreaterThan(rounds)
    expect(cutInAll).toBeGreaterThan(rounds)

    const expected = [...certain].filter(([, content]) => content !== undefined).map(([file]) => String(file))
    expect((await listed()).sort()).toEqual(expected.sort())
    // What the killed processes left half-written is cleared away soon after the start.
    await waitFor(async () => (await readdir(`${front.rootDir}/files`)).length === expected.length, {
      what: 'the leftovers of the killed fronts to be removed',
    })
  })

  async function read(file: number): Promise<Buffer | undefined> {
    const answer = await dav('GET', `files/${file}`)
    expect([200, 404]).toContain(answer.status)
    return answer.status === 200 ? answer.body : undefined
  }

  async function listed(): Promise<string[]> {
    const answer = await dav('PROPFIND', 'files/', { headers: { Depth: '1' } })
    expect(answer.status).toBe(207)
    return parseMultistatus(answer.text)
      .slice(1)
      .map(({ href }) => href.slice(href.lastIndexOf('/') + 1))
  }
})

function isSame(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other)
}
