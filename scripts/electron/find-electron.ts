import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { execa } from 'execa'

export type ElectronBinary =
  | { readonly isThere: true; readonly path: string }
  /** One line. */
  | { readonly isThere: false; readonly reason: string }

/** Some 120 MB; longer means that there is nobody at the other end. */
const fetchLimitMs = 10 * 60_000

/** The executable of the `electron` package in `packageDir`, which its own script fetches when it is missing. Never throws. */
export async function findElectron(packageDir: string, limitMs = fetchLimitMs): Promise<ElectronBinary> {
  const known = executableIn(packageDir)
  if (known !== undefined) return { isThere: true, path: known }
  const result = await execa(process.execPath, [join(packageDir, 'install.js')], {
    stdin: 'ignore',
    timeout: limitMs,
    all: true,
    reject: false,
  })
  const fetched = executableIn(packageDir)
  if (fetched !== undefined) return { isThere: true, path: fetched }
  return {
    isThere: false,
    reason: result.timedOut ? `Nothing came within ${limitMs / 1000} s.` : reasonIn(result.all),
  }
}

function executableIn(packageDir: string): string | undefined {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  const namePath = join(packageDir, 'path.txt')
  if (!existsSync(namePath)) return undefined
  const path = join(override ?? join(packageDir, 'dist'), readFileSync(namePath, 'utf8'))
  return existsSync(path) ? path : undefined
}

/** Of a stack trace the line that says what it is. */
function reasonIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trim())
  const errors = lines.filter((line) => /^\w*Error\b|\bE[A-Z]{4,}\b/.test(line))
  return errors[0] ?? lines.find((line) => line !== '') ?? 'Its installer said nothing.'
}
