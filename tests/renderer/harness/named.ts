import type { Locator, Page } from 'playwright-core'

/** Elements as a person with a screen reader finds them: by role and name. */
export function button(page: Page | Locator, name: string | RegExp): Locator {
  return page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name })
}

/** The row of one drive, account or file. */
export function row(page: Page, name: string): Locator {
  return page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) })
}

/** One of the tabs at the top. */
export async function goTo(page: Page, view: 'Drives' | 'Activity' | 'Accounts' | 'Settings'): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Views' })
    .getByRole('button', { name: new RegExp(`^${view}`) })
    .click()
}

/** One of the parts of Settings. */
export async function goToSettings(
  page: Page,
  part: 'General' | 'Drives' | 'Engine' | 'Advanced',
): Promise<void> {
  await goTo(page, 'Settings')
  await button(page.getByRole('navigation', { name: 'Parts of the settings' }), part).click()
}

/** The name of what has the focus, as `role "name"`. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    const name = element?.getAttribute('aria-label') ?? element?.textContent ?? ''
    return `${element?.getAttribute('role') ?? element?.tagName.toLowerCase() ?? ''} "${name}"`
  })
}
