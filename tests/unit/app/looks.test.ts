import { afterEach, describe, expect, test } from 'vitest'

import { LookLoop } from '../../../src-main/app/drives/look-loop.ts'
import { silentLogger } from '../../../src-main/lib/logger.ts'
import { aDrive } from '../../fakes/fake-drive-list.ts'
import { FakeClock } from '../../fakes/fake-clock.ts'
import { openApp, type OpenApp, type OpenOptions } from './open-app.ts'

let cleanup = new AsyncDisposableStack()
afterEach(async () => {
  await cleanup.disposeAsync()
  cleanup = new AsyncDisposableStack()
})

async function open(options: OpenOptions = {}): Promise<OpenApp> {
  return cleanup.use(await openApp(options))
}

describe('a look that is under way', () => {
  const here = aDrive({ sourceDir: import.meta.dirname })

  /** The look that begins next has read the list, and does not end before it is let go. */
  async function held(opened: OpenApp): Promise<{ readonly letGo: () => void }> {
    const { volumes } = opened
    const { promise, resolve } = Promise.withResolvers<undefined>()
    const list = volumes.list.bind(volumes)
    let isBegun = false
    volumes.list = async () => {
      isBegun = true
      volumes.list = list
      await promise
      return await list()
    }
    await opened.until(() => isBegun)
    return { letGo: () => resolve(undefined) }
  }

  test('keeps no drive that is added meanwhile from being mounted', async () => {
    const opened = await open({ drives: [here] })
    const { letGo } = await held(opened)
    const { driveId } = await opened.do('drive.add-sandbox', { mount: true })
    const isMounted = (): boolean =>
      opened.app.snapshot().drives.some(({ id, state }) => id === driveId && state.kind === 'mounted')
    await opened.until(isMounted)
    letGo()
    await opened.pass(1_000)
    expect(isMounted()).toBe(true)
  })

  test('does not hide what a command has done since', async () => {
    const opened = await open({ drives: [here] })
    const { letGo } = await held(opened)
    const names = (): readonly string[] => opened.app.snapshot().drives.map(({ name }) => name)
    await opened.do('drive.change', { driveId: here.id, changes: { name: 'Pictures' } })
    expect(names()).toEqual(['Pictures'])
    letGo()
    await opened.pass(1_000)
    expect(names()).toEqual(['Pictures'])
  })
})

describe('looking again and again', () => {
  function loop(): { readonly loop: LookLoop; readonly clock: FakeClock; readonly looks: number[] } {
    const clock = new FakeClock()
    const looks: number[] = []
    const look = (): Promise<void> => {
      looks.push(clock.monotonicMs())
      return Promise.resolve()
    }
    const ending = new AbortController().signal
    const made = new LookLoop({ look, isMoving: () => false, ending, clock, log: silentLogger })
    cleanup.use(made)
    return { loop: made, clock, looks }
  }

  test('is not put off by reasons that come faster than one could look', async () => {
    const { loop: made, clock, looks } = loop()
    await made.now()
    for (let passedMs = 0; passedMs < 6_000; passedMs += 100) {
      made.soon()
      await clock.advance(100)
    }
    expect(looks.length).toBeGreaterThan(10)
  })

  test('does not forget a reason that comes while somebody looks', async () => {
    const clock = new FakeClock()
    const ended = Promise.withResolvers<undefined>()
    let looks = 0
    const made = cleanup.use(
      new LookLoop({
        look: async () => {
          looks += 1
          if (looks === 1) await ended.promise
        },
        isMoving: () => false,
        ending: new AbortController().signal,
        clock,
        log: silentLogger,
      }),
    )
    const first = made.now()
    made.soon()
    ended.resolve(undefined)
    await first
    await clock.advance(300)
    expect(looks).toBe(2)
  })
})
