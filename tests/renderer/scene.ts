import type { Page } from 'playwright-core'

import type { Snapshot } from '../../src-main/shared/app/snapshot.ts'
import { fakeMountbarBridge, type FakeMountbarBridge } from '../fakes/fake-mountbar-bridge.ts'

/** Something the popover can look like: what main knows, and what a person did then. */
export interface Scene {
  readonly name: string
  readonly main: () => FakeMountbarBridge
  readonly go: (page: Page) => Promise<unknown>
}

const nowhere = (page: Page): Promise<void> => page.getByRole('navigation', { name: 'Views' }).waitFor()
/** Buttons, one after the other. */
export const press =
  (...names: readonly (string | RegExp)[]) =>
  async (page: Page): Promise<void> => {
    for (const name of names) await page.getByRole('button', { name }).first().click()
  }

export function scene(name: string, snapshot: Snapshot, go: Scene['go'] = nowhere): Scene {
  return { name, main: () => fakeMountbarBridge(snapshot), go }
}
