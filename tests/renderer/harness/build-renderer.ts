import { join } from 'node:path'

import { build } from 'vite'

/** Builds the page once before any test: what is tested is what the app loads. */
export async function setup(): Promise<void> {
  const configFile = join(import.meta.dirname, '../../../vite.renderer.config.ts')
  await build({ configFile, logLevel: 'warn' })
}
