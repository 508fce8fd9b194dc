import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { templateFileName } from './api/way-in.ts'
import { mountbarApp } from './mountbar-app.ts'

/** The templates by file name, as text without spaces to spare, the same whenever the code is the same. */
export function synthesizedTemplates(): ReadonlyMap<string, string> {
  const outDir = mkdtempSync(join(tmpdir(), 'mountbar-synth-'))
  try {
    const { app, stacks } = mountbarApp({ outdir: outDir })
    app.synth()
    return new Map(
      [...stacks].map(([wayIn, stack]) => {
        const template: unknown = JSON.parse(readFileSync(join(outDir, stack.templateFile), 'utf8'))
        return [templateFileName(wayIn), `${JSON.stringify(template, undefined, 1)}\n`]
      }),
    )
  } finally {
    rmSync(outDir, { recursive: true })
  }
}
