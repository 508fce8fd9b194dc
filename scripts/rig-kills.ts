import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { execa } from 'execa'

const docPath = new URL('../docs/bridge-failures.md', import.meta.url)
const marks = ['<!-- table: npm run rig:kills -- --write -->', '<!-- end of table -->'] as const

/**
 * `npm run rig:kills [-- --only 'network cut'] [-- --write]`: every way a drive's chain can break, one after the other, with a load on it. Prints
 * a table of what came of it; `--write` puts it into docs/bridge-failures.md, unless anything failed. Exits as the tests did.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, write: { type: 'boolean' } } })
  const tablePath = join(tmpdir(), `mountbar-kills-${process.pid}.md`)
  const { exitCode } = await execa('vitest', ['run', '--project', 'rig', 'tests/rig/kills.test.ts'], {
    stdio: 'inherit',
    reject: false,
    preferLocal: true,
    env: { MOUNTBAR_RIG_KILLS: values.only ?? 'all', MOUNTBAR_RIG_KILLS_TABLE: tablePath },
  })
  process.exitCode = exitCode ?? 1
  try {
    if (values.write === true && exitCode === 0) await writeTable(await readFile(tablePath, 'utf8'))
  } finally {
    await rm(tablePath, { force: true })
  }
}

async function writeTable(table: string): Promise<void> {
  const text = await readFile(docPath, 'utf8')
  const [before, rest] = text.split(marks[0])
  const after = rest?.split(marks[1])[1]
  if (after === undefined) throw new Error('docs/bridge-failures.md has lost its marks')
  await writeFile(docPath, `${before ?? ''}${marks[0]}\n\n${table}\n${marks[1]}${after}`)
}

await main()
