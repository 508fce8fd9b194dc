import type { Locator, Page } from 'playwright-core'

/** Elements as a person with a screen reader finds them: by role and name. */
export function button(page: Page, name: string): Locator {
  return page.getByRole('button', { name, exact: true })
}

/** The row of one drive or account. */
export function row(page: Page, name: string): Locator {
  return page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) })
}

export const views = ['Drives', 'Activity', 'Accounts', 'Settings'] as const
export const settingsParts = ['General', 'Drives', 'Engine', 'Advanced'] as const

/** One of the tabs at the top; its name goes on where something needs attention. */
export async function goTo(page: Page, view: (typeof views)[number]): Promise<void> {
  const tabs = page.getByRole('navigation', { name: 'Views' })
  await tabs.getByRole('button', { name: new RegExp(`^${view}`) }).click()
}

export async function goToSettings(page: Page, part: (typeof settingsParts)[number]): Promise<void> {
  await goTo(page, 'Settings')
  const parts = page.getByRole('navigation', { name: 'Parts of the settings' })
  await parts.getByRole('button', { name: part, exact: true }).click()
}
