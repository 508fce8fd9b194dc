import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { build } from 'vite'

const entryPath = fileURLToPath(new URL('delayed-front.ts', import.meta.url))

/** Bundles the delayed front into `dir` as `npm run build` bundles the front, and returns the program's path. */
export async function buildDelayedFront(dir: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: true,
      target: 'node24',
      outDir: dir,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { input: { 'delayed-front': entryPath }, output: { entryFileNames: '[name].mjs' } },
    },
    ssr: { noExternal: true },
  })
  return join(dir, 'delayed-front.mjs')
}
