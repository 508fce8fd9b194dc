import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { UploadsOptions } from '../../../../../src-main/front/vfs/backend-layers.ts'
import { MemoryUploadStore } from '../../../../fakes/memory-upload-store.ts'
import { at, call, openVfs, type OpenedVfs } from '../../../../harness/open-vfs.ts'
import { PlainTree } from '../model/plain-tree.ts'
import { drawn } from '../../../../harness/drawn.ts'

/** One thing that happens; `at` and `into` number the paths and directories there are at that moment. */
interface Step {
  readonly does:
    'write' | 'empty' | 'overwrite' | 'mkdir' | 'remove' | 'move' | 'copy' | 'wait' | 'restart' | 'fault'
  readonly at: number
  readonly into: number
  readonly name: string
  readonly waitMs: number
  readonly fault: number
}

/** What may become of the next delivery without any client being told. */
const faults = [
  { methods: ['write'], times: 1, effect: { kind: 'lost-answer', code: 'stalled' } },
  { methods: ['write'], times: 2, effect: { kind: 'error', code: 'stalled' } },
  { methods: ['write'], times: 3, effect: { kind: 'lost-answer', code: 'backend-failed' } },
  { methods: ['write'], times: 1, effect: { kind: 'disconnect', afterBytes: 2, code: 'backend-failed' } },
  { methods: ['write'], times: 1, effect: { kind: 'latency', latencyMs: 300 } },
] as const

const step: fc.Arbitrary<Step> = fc.record({
  does: fc.constantFrom(
    ...([
      'write',
      'write',
      'empty',
      'overwrite',
      'overwrite',
      'mkdir',
      'remove',
      'move',
      'move',
      'copy',
    ] as const),
    ...(['wait', 'restart', 'fault', 'fault'] as const),
  ),
  at: fc.nat(99),
  into: fc.nat(99),
  name: fc.constantFrom('a', 'b', 'c', 'caf\u00e9'),
  waitMs: fc.constantFrom(0, 1, 900, 3_000, 70_000),
  fault: fc.nat(faults.length - 1),
})

const how = drawn(60)

const histories = fc.array(step, { minLength: 1, maxLength: 40, size: 'max' })

describe('a history with uploads on their way', { timeout: how.numRuns * 1_000 }, () => {
  it.each([
    ['remembered', 5_000],
    ['forgotten at once', 0],
  ])(
    'shows a plain map of it at every moment, and so does the backend in the end (knowledge is %s)',
    async (_how, ttlMs) => {
      await fc.assert(
        fc.asyncProperty(histories, async (history) => {
          const uploads: UploadsOptions = {
            store: new MemoryUploadStore(),
            mode: 'queued',
            hostName: 'studio',
          }
          await using opened = openVfs({ uploads, metadataTtlMs: ttlMs, negativeTtlMs: ttlMs })
          const model = new PlainTree()
          const watch = new FileWatch()
          const isRestarted = history.some(({ does }) => does === 'restart')
          for (const [index, one] of history.entries()) {
            await takeStep(opened, model, one, `text ${index}`)
            // A stamp that ran ahead is not kept over a restart.
            expect(await (isRestarted ? new FileWatch() : watch).readAll(opened)).toEqual(model.snapshot())
          }
          for (let minutes = 0; minutes < 4; minutes++) await opened.clock.advance(60_000)
          expect(opened.backend.snapshot()).toEqual(model.snapshot())
          expect(uploads.store.load()).toEqual([])
          expect(uploads.store.intents()).toEqual([])
        }),
        how,
      )
    },
  )
})

/**
 * Reads a whole drive, and holds its files to their stamps: none shows two contents under one, and none goes back. Those of
 * directories move by themselves while uploads are delivered into them.
 */
class FileWatch {
  readonly #contents = new Map<string, string>()
  readonly #latest = new Map<string, number>()

  async readAll(opened: OpenedVfs, directory = '/'): Promise<Record<string, string | null>> {
    const found: Record<string, string | null> = {}
    const { children } = await opened.vfs.list(at(directory), call)
    for (const [name, node] of children) {
      const path = directory === '/' ? `/${name}` : `${directory}/${name}`
      const text = node.kind === 'file' ? await opened.client.read(path) : null
      found[path] = text
      if (text === null) Object.assign(found, await this.readAll(opened, path))
      else this.#check(path, node.lastModifiedSec, text)
    }
    return found
  }

  #check(path: string, stampSec: number, text: string): void {
    const key = `${path} ${stampSec}`
    expect(this.#contents.get(key) ?? text, `${key} showed something else before`).toBe(text)
    this.#contents.set(key, text)
    expect(stampSec, `${path} went back`).toBeGreaterThanOrEqual(this.#latest.get(path) ?? 0)
    this.#latest.set(path, stampSec)
  }
}

async function takeStep(opened: OpenedVfs, model: PlainTree, step: Step, text: string): Promise<void> {
  const paths = model.paths()
  const present = paths[step.at % paths.length] ?? '/a'
  const directories = ['/', ...paths.filter((path) => model.isDirectory(path))]
  const into = directories[step.into % directories.length] ?? '/'
  const target = into === '/' ? `/${step.name}` : `${into}/${step.name}`
  const { client } = opened
  const outcomes: Record<Step['does'], () => [Promise<unknown>, boolean]> = {
    write: () => [client.write(target, text), model.write(target, text)],
    empty: () => [client.write(target, ''), model.write(target, '')],
    overwrite: () => [client.write(present, text), model.write(present, text)],
    mkdir: () => [client.mkdir(target), model.mkdir(target)],
    remove: () => [client.remove(present), model.remove(present)],
    move: () => [client.move(present, target), model.move(present, target, true)],
    copy: () => [client.copy(present, target), model.copy(present, target, true)],
    wait: () => [opened.clock.advance(step.waitMs), true],
    restart: () => [opened.restart(), true],
    fault: () => [
      Promise.resolve(opened.faults.inject({ ...faults[step.fault]!, methods: ['write'] })),
      true,
    ],
  }
  const [outcome, isAllowed] = outcomes[step.does]()
  let wasAllowed: boolean | undefined
  outcome.then(
    () => (wasAllowed = true),
    () => (wasAllowed = false),
  )
  // A change may have to wait for a delivery, and that for time.
  for (let turns = 0; wasAllowed === undefined && turns < 400; turns++) await opened.clock.advance(100)
  expect(wasAllowed, `${step.does} ${present} ${target}`).toBe(isAllowed)
}
