import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'

import { busySnapshot } from '../fixtures/snapshots.ts'
import { describePopover } from './harness/describe-popover.ts'
import { focused } from './harness/named.ts'

describePopover('the keyboard alone', (popover) => {
  test('reaches everything in the order in which it is read', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page } = opened
    await page.getByRole('list', { name: 'Drives' }).waitFor()
    expect(await tabThrough(page, 13)).toEqual([
      'button "Drives"',
      'button "Activity1 needs attention"',
      'button "Accounts"',
      'button "Settings"',
      'button "Reveal Photo archive in Finder"',
      'button "Unmount Photo archive"',
      'button "More for Photo archive"',
      'button "Reveal Sandbox in Finder"',
      'button "Unmount Sandbox"',
      'button "More for Sandbox"',
      'button "Mount Quarterly reports"',
      'button "More for Quarterly reports"',
      'button "Add drive…"',
    ])
  })

  test('shows where it is', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page } = opened
    await page.getByRole('list', { name: 'Drives' }).waitFor()
    for (const _stop of Array.from({ length: 13 })) {
      await page.keyboard.press('Tab')
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)
      expect(outline).toBe('solid')
    }
  })

  test('walks through a menu, and comes back to where it was', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await page.getByRole('button', { name: 'More for Photo archive' }).focus()
    const steps: string[] = []
    for (const key of ['ArrowDown', 'ArrowDown', 'End', 'ArrowDown', 'ArrowUp', 'u', 'Home', 's', 'Escape']) {
      await page.keyboard.press(key)
      steps.push(await focused(page))
    }
    expect(steps).toEqual([
      'menuitem "Copy path"',
      'menuitem "Open bucket in AWS console"',
      'menuitem "Remove…"',
      'menuitem "Copy path"',
      'menuitem "Remove…"',
      'menuitem "Uploads"',
      'menuitem "Copy path"',
      'menuitem "Settings…"',
      'button "More for Photo archive"',
    ])
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await expect.poll(() => main.commands['drive.copy-path'].calls).toHaveLength(1)
    expect(await focused(page)).toBe('button "More for Photo archive"')
  })

  test('removes a drive: the question holds the focus and gives it back', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await page.getByRole('button', { name: 'More for Sandbox' }).focus()
    for (const key of ['Enter', 'End', 'Enter']) await page.keyboard.press(key)
    await page.getByRole('dialog').waitFor()
    expect(await tabThrough(page, 2)).toContain('button "Remove"')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    await expect.poll(() => focused(page)).toBe('button "More for Sandbox"')
    expect([main.commands['drive.remove'].calls, main.commands['popover.hide'].calls]).toEqual([[], []])
  })

  test('adds a drive', async () => {
    await using opened = await popover.open(busySnapshot())
    const { page, main } = opened
    await page.getByRole('button', { name: 'Add drive…' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Add a drive' }).waitFor()
    await page.getByRole('button', { name: /Sandbox folder/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Folder' }).focus()
    await page.keyboard.type('/Users/sam/Docs')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('button "Add drive"')
    await page.keyboard.press('Enter')
    await expect
      .poll(() => main.commands['drive.add-sandbox'].calls)
      .toEqual([{ dir: '/Users/sam/Docs', mount: false }])
  })
})

/** What `count` presses of Tab come to. */
async function tabThrough(page: Page, count: number): Promise<readonly string[]> {
  const stops: string[] = []
  for (let press = 0; press < count; press++) {
    await page.keyboard.press('Tab')
    stops.push(await focused(page))
  }
  return stops
}
