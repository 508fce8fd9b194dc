import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'

import type { Snapshot } from '../../src-main/shared/app/snapshot.ts'
import { fakeMountbarBridge } from '../fakes/fake-mountbar-bridge.ts'
import { busySnapshot, driveOf, mountedDriveOf, snapshotOf } from '../fixtures/snapshots.ts'
import { describePopover } from './harness/describe-popover.ts'
import { button, goTo, row } from './harness/named.ts'
import { rendererDir } from './harness/popover-page.ts'

const engineDown = {
  id: 'engine',
  severity: 'error',
  error: { code: 'engine-not-running', args: {} },
  fix: { kind: 'choose-engine' },
} as const

describePopover('the popover', (popover) => {
  test('shows what main publishes, and nothing older than what it shows', async () => {
    const main = fakeMountbarBridge(snapshotOf({ revision: 5, drives: [driveOf({ name: 'Old' })] }))
    const gate = Promise.withResolvers<undefined>()
    main.commands['snapshot.get'].answers(async () => {
      await gate.promise
      return { ok: true, value: snapshotOf({ revision: 5, drives: [driveOf({ name: 'Old' })] }) }
    })
    await using opened = await popover.openWith(main)
    const { page } = opened
    await page.getByText('Looking at your drives').waitFor()
    main.publish(snapshotOf({ drives: [driveOf({ name: 'New' })] }))
    await row(page, 'New').waitFor()
    gate.resolve(undefined)
    main.publish(snapshotOf({ drives: [driveOf({ name: 'New' }), driveOf({ id: 'b', name: 'Newer' })] }))
    await row(page, 'Newer').waitFor()
    expect(await row(page, 'Old').count()).toBe(0)
  })

  test('a main process that does not answer can be asked again', async () => {
    const main = fakeMountbarBridge(snapshotOf())
    main.commands['snapshot.get'].fails('settings-unreadable')
    await using opened = await popover.openWith(main)
    const { page } = opened
    await page.getByText('The list of drives cannot be read').waitFor()
    main.commands['snapshot.get'].succeeds(snapshotOf())
    await button(page, 'Try again').click()
    await button(page, 'Mount the Sandbox').waitFor()
  })

  test('a broken bridge is a failure like any other', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    main.commands['drive.mount'].answers(() => Promise.reject(new Error('gone')))
    await button(page, 'Mount Quarterly reports').click()
    await page.getByRole('alert').getByText('Something unexpected happened').waitFor()
  })

  test('a page that broke says so, and is shown again by one press', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main, offences } = opened
    await row(page, 'Sandbox').waitFor()
    main.publish({ ...busySnapshot(), drives: undefined as never })
    await page.getByText('Something unexpected happened').waitFor()
    await expect.poll(() => offences.splice(0)).not.toEqual([])
    main.publish(busySnapshot())
    await button(page, 'Show again').click()
    await row(page, 'Sandbox').waitFor()
  })

  test('goes where main wants it', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await row(page, 'Sandbox').waitFor()
    main.navigate('settings')
    await page.getByRole('switch', { name: 'Open at login' }).waitFor()
    main.navigate('add-drive')
    await page.getByRole('heading', { name: 'Add a drive' }).waitFor()
    main.navigate('engine')
    await page.getByRole('group', { name: 'Which one to use' }).waitFor()
  })

  test('conditions stand at the top of every view, the worst first, each with its way out', async () => {
    const sessionEnds = {
      ...engineDown,
      id: 'b',
      severity: 'warning',
      error: { code: 'sign-in-expired', args: {} },
    } as const
    await using opened = await popover.open(busySnapshot({ conditions: [sessionEnds, engineDown] }))
    const { page } = opened
    await goTo(page, 'Accounts')
    const conditions = page.getByRole('region', { name: 'What needs attention' })
    const text = await conditions.innerText()
    expect(text.indexOf('engine is not running')).toBeLessThan(text.indexOf('sign-in has ended'))
    await button(conditions, 'Choose an engine').first().click()
    await page.getByRole('group', { name: 'Which one to use' }).waitFor()
  })

  test('tabs count what needs attention', async () => {
    await using opened = await popover.open(busySnapshot())
    await opened.page.getByRole('button', { name: 'Activity 1 needs attention' }).waitFor()
  })

  test('an update that is ready takes one press', async () => {
    await using opened = await popover.open(snapshotOf({ update: { kind: 'ready', version: '0.2.0' } }))
    await button(opened.page, 'Restart to update').click()
    await expect.poll(() => opened.main.commands['app.install-update'].calls).toHaveLength(1)
  })

  test('says changes of state aloud, and not every number', async () => {
    await using opened = await popover.open(snapshotOf({ drives: [driveOf()] }))
    const { page, main } = opened
    const said = page.getByRole('status', { name: 'Changes' })
    await row(page, 'Photo archive').waitFor()
    main.publish(snapshotOf({ drives: [mountedDriveOf()], conditions: [engineDown] }))
    await expect
      .poll(() => said.textContent())
      .toBe('Photo archive: Mounted. The container engine is not running')
  })
})

describePopover('the window', (popover) => {
  test('is told how high the content is, whenever that changes', async () => {
    await using opened = await popover.open(snapshotOf({ drives: [driveOf()] }), { height: 120 })
    const { page, main } = opened
    const told = (): number => main.commands['popover.resize'].calls.at(-1)?.height ?? 0
    await row(page, 'Photo archive').waitFor()
    const one = await page.evaluate(() => {
      const heights = [...document.querySelectorAll<HTMLElement>('header, main > div')].map(
        (box) => box.offsetHeight,
      )
      return heights.reduce((sum, height) => sum + height, 0)
    })
    await expect.poll(told).toBe(one)
    main.publish(snapshotOf({ drives: [driveOf(), driveOf({ id: 'b', name: 'Second' })] }))
    await expect.poll(told).toBeGreaterThan(one)
    const two = told()
    await button(page, 'More for Second').click()
    await expect.poll(told).toBeGreaterThan(two)
    await page.keyboard.press('Escape')
    await expect.poll(told).toBe(two)
    main.publish(snapshotOf({ drives: [driveOf()] }))
    await expect.poll(told).toBe(one)
  })

  test('is high enough for a question about the only drive', async () => {
    await using opened = await popover.open(snapshotOf({ drives: [driveOf()] }), { height: 120 })
    const { page, main } = opened
    await button(page, 'More for Photo archive').click()
    await page.getByRole('menuitem', { name: 'Remove…' }).click()
    const dialog = page.getByRole('dialog')
    const height = await dialog.evaluate((element: HTMLElement) => element.scrollHeight)
    await expect.poll(() => main.commands['popover.resize'].calls.at(-1)?.height).toBeGreaterThan(height)
  })

  test('is hidden by Esc, once nothing else is open', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await button(page, 'More for Sandbox').click()
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('menu').count()).toBe(0)
    expect(main.commands['popover.hide'].calls).toEqual([])
    await page.keyboard.press('Escape')
    await expect.poll(() => main.commands['popover.hide'].calls).toEqual([{}])
  })
})

describePopover('numbers that tick', (popover) => {
  test('move nothing', async () => {
    await using opened = await popover.open(ticked(0))
    const { page, main } = opened
    await row(page, 'Photo archive').waitFor()
    await watchShifts(page)
    const before = await placesOf(page)
    for (let tick = 1; tick <= 12; tick++) {
      main.publish(ticked(tick))
      await page.getByText(`oldest ${tick * 9} s`).waitFor()
      expect(await placesOf(page)).toEqual(before)
    }
    expect(await shiftsOf(page)).toEqual([])
  })

  test('and the check itself sees what moves', async () => {
    await using opened = await popover.open(snapshotOf({ drives: [driveOf()] }))
    const { page, main } = opened
    await row(page, 'Photo archive').waitFor()
    await watchShifts(page)
    main.publish(snapshotOf({ conditions: [engineDown], drives: [driveOf()] }))
    await expect.poll(() => shiftsOf(page)).not.toEqual([])
  })
})

describePopover('what the page may do', (popover) => {
  test('an inline script or style, a request or HTML from a string is stopped, and would fail every test', async () => {
    const opened = await popover.open(snapshotOf())
    const { page, offences } = opened
    await button(page, 'Mount the Sandbox').waitFor()
    await page.evaluate(() => {
      const style = document.createElement('style')
      style.append('body { color: red }')
      document.head.append(style)
      document.body.setAttribute('style', 'color: red')
      fetch('/index.html').catch(() => undefined)
      try {
        document.body.insertAdjacentHTML('beforeend', '<p>')
      } catch {
        // Trusted types: there is no policy that would allow it.
      }
    })
    for (const directive of ['style-src-elem', 'style-src-attr', 'connect-src', 'require-trusted-types-for'])
      await expect.poll(() => offences.join()).toContain(directive)
    await expect(opened[Symbol.asyncDispose]()).rejects.toThrow('the page offended')
  })

  test('nothing is loosened in the policy', () => {
    const html = readFileSync(join(rendererDir, 'index.html'), 'utf8')
    expect(html).toContain("default-src 'none'")
    expect(html).not.toMatch(/unsafe-|\*|https?:/)
  })

  test('all that it loads is small', () => {
    const files = readdirSync(rendererDir).filter((name) => name !== 'index.html')
    const sizes = files.map((file) => gzipSync(readFileSync(join(rendererDir, file))).length)
    expect(files.toSorted()).toEqual(['index.css', 'index.js'])
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000)
  })
})

/** The same drives with other numbers, from the shortest to the longest. */
function ticked(tick: number): Snapshot {
  const { vitals } = mountedDriveOf()
  const latencies = [0.4, 7, 18, 96, 240, 998, 1_240]
  const latency = {
    p50Ms: latencies[tick % 7]!,
    p95Ms: latencies[(tick * 3) % 7]!,
    history: [tick, tick * 2],
  }
  const sync = { lastLagMs: 60_000 + tick * 1_000, pending: 3, oldestMs: tick * 9_000, isSimulated: false }
  const rates = { bytesInPerSec: 1_000 * 4 ** (tick % 7), bytesOutPerSec: 320_000 + tick }
  return snapshotOf({
    drives: [
      mountedDriveOf({ vitals: { ...vitals, ...rates, latency, sync } }),
      driveOf({ id: 'b', name: 'Other' }),
    ],
  })
}

/** Where everything is that can be pressed or read as a title. */
function placesOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, h2, li, p, [role=img]')].map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect()
      return `${element.tagName} ${x} ${y} ${width} ${height}`
    }),
  )
}

interface ShiftsWindow {
  shifts: string[]
}

/** Chromium's own measure of things that moved without being asked to. */
async function watchShifts(page: Page): Promise<void> {
  await page.evaluate(() => {
    const shifts: string[] = []
    Object.assign(window, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { sources?: { node?: Element }[] })[])
        shifts.push(...(entry.sources ?? []).map(({ node }) => node?.textContent ?? 'something'))
    }).observe({ type: 'layout-shift', buffered: false })
  })
}

function shiftsOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => (window as unknown as ShiftsWindow).shifts)
}
