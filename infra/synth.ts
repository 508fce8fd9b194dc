import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { synthesizedTemplates } from './templates.ts'

/** `npm run synth`: writes the templates to `resources/`, from where they are deployed. They are committed; a test compares. */
const resourcesDir = join(import.meta.dirname, '../resources')
mkdirSync(resourcesDir, { recursive: true })
for (const [fileName, text] of synthesizedTemplates()) {
  writeFileSync(join(resourcesDir, fileName), text)
  process.stdout.write(`resources/${fileName}: ${Buffer.byteLength(text)} bytes\n`)
}
