import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'

import { describePopover } from './harness/describe-popover.ts'
import type { PopoverPage } from './harness/popover-page.ts'
import { scenes } from './scenes.ts'

describePopover('every view and state', (popover) => {
  describe.each(scenes)('$name', (scene) => {
    test('is accessible in light, in dark and with more contrast', async () => {
      await using opened = await openScene(popover.openWith(scene.main()), scene.go)
      const { page } = opened
      expect(await violations(page)).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await violations(page, ['color-contrast'])).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark', contrast: 'more' })
      expect(await violations(page, ['color-contrast'])).toEqual([])
    })

    test('holds text of twice the size without anything cut off at the side', async () => {
      await using opened = await openScene(popover.openWith(scene.main()), scene.go)
      expect(await overflowing(opened.page, '200%')).toEqual([])
    })
  })

  test('the checks themselves see what is wrong', async () => {
    await using opened = await popover.openWith(scenes[1]!.main())
    const { page } = opened
    await page.getByRole('heading', { name: 'Photo archive' }).evaluate((heading) => {
      heading.style.color = '#bbbbbb'
      heading.style.minWidth = '500px'
    })
    expect((await violations(page)).join()).toContain('color-contrast')
    expect(await overflowing(page, '100%')).not.toEqual([])
  })
})

async function openScene(
  opening: Promise<PopoverPage>,
  go: (page: Page) => Promise<unknown>,
): Promise<PopoverPage> {
  const opened = await opening
  await go(opened.page)
  // A colour that is still fading would be measured half way.
  await opened.page.emulateMedia({ reducedMotion: 'reduce' })
  return opened
}

interface AxeWindow {
  readonly axe: typeof axe
}

const allRules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

async function violations(page: Page, rules: readonly string[] = allRules): Promise<readonly string[]> {
  const isThere = await page.evaluate(() => 'axe' in window)
  if (!isThere) await page.evaluate(axe.source)
  const results: AxeResults = await page.evaluate(
    (runOnly) => (window as unknown as AxeWindow).axe.run(document, { runOnly, resultTypes: ['violations'] }),
    [...rules],
  )
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary ?? ''}`),
  )
}

/** What is wider than the place it has, with text of `fontSize`. */
function overflowing(page: Page, fontSize: string): Promise<readonly string[]> {
  return page.evaluate((size) => {
    // Relative to 13 px, as a larger text of the system would be.
    document.documentElement.style.fontSize = `calc(${size} * 0.8125)`
    const boxes = [
      document.documentElement,
      ...document.querySelectorAll<HTMLElement>('main, header, dialog'),
    ]
    const buttons = [...document.querySelectorAll<HTMLElement>('button, input')]
    return [
      ...boxes.filter((box) => box.scrollWidth > box.clientWidth).map((box) => `scrolls: ${box.tagName}`),
      ...buttons
        .filter((element) => element.getBoundingClientRect().right > window.innerWidth)
        .map((element) => `cut off: ${element.textContent}`),
    ]
  }, fontSize)
}
