import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { openVfs, type OpenedVfs } from '../../../harness/open-vfs.ts'
import { isFinderPath, PlainTree } from './model/plain-tree.ts'
import { StampWatch } from './model/stamp-watch.ts'
import { drawn } from '../../../harness/drawn.ts'

/** One thing a client does; `at` and `into` number the paths and directories there are at that moment. */
interface Step {
  readonly does: 'write' | 'overwrite' | 'mkdir' | 'remove' | 'move' | 'copy' | 'wait' | 'restart'
  readonly at: number
  readonly into: number
  readonly name: string
  readonly overwrite: boolean
  /** Say every name in the other Unicode form. */
  readonly decomposed: boolean
  readonly waitMs: number
}

/** Few names, so that histories meet themselves often; one of them in both Unicode forms. */
const names = [
  'a',
  'b',
  'caf\u00e9',
  'cafe\u0301',
  '._a',
  '._b',
  '._caf\u00e9',
  '.DS_Store',
  '.TemporaryItems',
]

function steps(...does: readonly Step['does'][]): fc.Arbitrary<Step[]> {
  const step = fc.record({
    does: fc.constantFrom(...does),
    at: fc.nat(99),
    into: fc.nat(99),
    name: fc.constantFrom(...names),
    overwrite: fc.boolean(),
    decomposed: fc.boolean(),
    waitMs: fc.constantFrom(1, 900, 3_000, 6_000),
  })
  return fc.array(step, { minLength: 1, maxLength: 30, size: 'max' })
}

const changes = ['write', 'write', 'overwrite', 'mkdir', 'mkdir', 'move', 'move', 'copy', 'remove'] as const

/** Generous: these are thousands of operations, and the machine may be busy. */
const timeout = 60_000

describe('a history of one client', () => {
  it(
    'shows what a plain map of the same history holds, and no path two contents under one time',
    { timeout },
    async () => {
      await fc.assert(
        fc.asyncProperty(steps(...changes, 'wait'), async (history) => {
          await using opened = openVfs()
          await follow(opened, history, new StampWatch())
        }),
        drawn(150),
      )
    },
  )

  it('shows the same when the front is started again now and then', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(steps(...changes, 'restart'), async (history) => {
        await using opened = openVfs()
        await follow(opened, history, undefined)
      }),
      drawn(50),
    )
  })

  it('shows the same when nothing may be answered from memory', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(steps(...changes), async (history) => {
        await using opened = openVfs({ metadataTtlMs: 0, negativeTtlMs: 0 })
        await follow(opened, history, new StampWatch())
      }),
      drawn(50),
    )
  })
})

describe('a history that others write too', () => {
  const change = fc.record({
    path: fc.constantFrom('/a', '/b', '/d/a', '/d/b', '/d/d/a'),
    by: fc.constantFrom('client', 'others', 'others', 'nobody'),
    text: fc.constantFrom('one', 'two', undefined),
    ageMs: fc.constantFrom(0, 1_000, 86_400_000),
    waitMs: fc.constantFrom(0, 0, 400, 6_000),
  })

  it(
    'ends with what the backend holds, and never shows two contents under one time',
    { timeout },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(change, { maxLength: 20 }), async (history) => {
          await using opened = openVfs({ metadataTtlMs: 0, negativeTtlMs: 0 })
          const { backend, client, clock } = opened
          const watch = new StampWatch()
          backend.mkdir('/d/d')
          for (const { path: changed, by, text, ageMs, waitMs } of history) {
            const isThere = changed in backend.snapshot()
            if (by === 'others' && text !== undefined) backend.put(changed, text, clock.now() - ageMs)
            if (by === 'others' && text === undefined && isThere) backend.delete(changed)
            if (by === 'client' && text !== undefined) await client.write(changed, text)
            if (by === 'client' && text === undefined && isThere) await client.remove(changed)
            await clock.advance(waitMs)
            expect(await watch.readAll(opened)).toEqual(backend.snapshot())
          }
        }),
        drawn(100),
      )
    },
  )
})

async function follow(
  opened: OpenedVfs,
  history: readonly Step[],
  watch: StampWatch | undefined,
): Promise<void> {
  const model = new PlainTree()
  for (const [index, step] of history.entries()) {
    if (step.does === 'wait') await opened.clock.advance(step.waitMs)
    else if (step.does === 'restart') await opened.restart()
    else await takeStep(opened, model, step, `text ${index}`)
    expect(await (watch ?? new StampWatch()).readAll(opened)).toEqual(model.snapshot())
    expect(Object.keys(opened.backend.snapshot()).filter(isFinderPath)).toEqual([])
  }
}

async function takeStep({ client }: OpenedVfs, model: PlainTree, step: Step, text: string): Promise<void> {
  const paths = model.paths()
  const present = paths[step.at % paths.length] ?? '/a'
  const directories = ['/', ...paths.filter((path) => model.isDirectory(path))]
  const target = below(directories[step.into % directories.length] ?? '/', step.name.normalize('NFC'))
  const said = (path: string): string => (step.decomposed ? path.normalize('NFD') : path)

  const outcomes: Record<Exclude<Step['does'], 'wait' | 'restart'>, () => [Promise<unknown>, boolean]> = {
    write: () => [client.write(said(target), text), model.write(target, text)],
    overwrite: () => [client.write(said(present), text), model.write(present, text)],
    mkdir: () => [client.mkdir(said(target)), model.mkdir(target)],
    remove: () => [client.remove(said(present)), model.remove(present)],
    move: () => [
      client.move(said(present), said(target), step.overwrite),
      model.move(present, target, step.overwrite),
    ],
    copy: () => [
      client.copy(said(present), said(target), step.overwrite),
      model.copy(present, target, step.overwrite),
    ],
  }
  if (step.does === 'wait' || step.does === 'restart') return
  const [outcome, isAllowed] = outcomes[step.does]()
  const wasAllowed = await outcome.then(
    () => true,
    () => false,
  )
  expect(wasAllowed, `${step.does} ${present} ${target}`).toBe(isAllowed)
}

function below(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`
}
