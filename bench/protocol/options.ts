import { parseArgs } from 'node:util'

import { rowIds, type RowId } from './rows.ts'
import type { TreeShape } from './workspace.ts'

export interface BenchOptions {
  readonly rounds: number
  readonly loadSeconds: number
  readonly shape: TreeShape
  readonly bigFileLabel: string
  readonly rows: readonly RowId[]
  readonly jsonPath: string | undefined
}

export const usage = `npm run bench:protocol -- [--quick] [--only ROW] [--json FILE]

  --quick      fewer rounds and a smaller big file: a look, not a result
  --only ROW   only the rows whose name contains ROW; may be given again
  --json FILE  write all samples there too

Rows: ${rowIds.join(' ')}`

const mebibyte = 1024 * 1024
const full = { rounds: 5, loadSeconds: 2, bigFileBytes: 1024 * mebibyte, bigFileLabel: '1 GiB' }
const quick = { rounds: 2, loadSeconds: 1, bigFileBytes: 256 * mebibyte, bigFileLabel: '256 MiB' }

/** @throws with a sentence for the person who typed it. `undefined` when only help was asked for. */
export function parseOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const { rounds, loadSeconds, bigFileBytes, bigFileLabel } = values.quick ? quick : full
  return {
    rounds,
    loadSeconds,
    bigFileLabel,
    rows: selectRows(values.only),
    jsonPath: values.json,
    shape: {
      listings: [
        { entries: 10, folders: 20 },
        { entries: 1_000, folders: 5 },
        { entries: 10_000, folders: 2 },
      ],
      smallFiles: 256,
      smallFileBytes: 4_096,
      bigFileBytes,
    },
  }
}

function selectRows(patterns: readonly string[]): readonly RowId[] {
  if (patterns.length === 0) return rowIds
  const unknown = patterns.find((pattern) => !rowIds.some((id) => id.includes(pattern)))
  if (unknown !== undefined)
    throw new Error(`no row is named like ${unknown}; there are: ${rowIds.join(' ')}`)
  return rowIds.filter((id) => patterns.some((pattern) => id.includes(pattern)))
}
