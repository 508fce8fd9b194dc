import { parseArgs } from 'node:util'

import type { TaskShape } from './tree.ts'

export const parts = ['ways', 'memory', 'starts'] as const
export type Part = (typeof parts)[number]

export interface BenchOptions {
  readonly rounds: number
  readonly startRounds: number
  readonly shape: TaskShape
  readonly parts: readonly Part[]
  readonly jsonPath: string | undefined
}

export const usage = `npm run bench:bridge -- [--quick] [--only PART] [--json FILE]

  --quick      fewer rounds and a smaller big file: a look, not a result
  --only PART  ${parts.join(', ')}; may be given again
  --json FILE  write all samples there too`

const mebibyte = 1024 * 1024
const full = { rounds: 5, startRounds: 3, files: 40, lists: 3, bigBytes: 256 * mebibyte }
const quick = { rounds: 3, startRounds: 1, files: 20, lists: 1, bigBytes: 32 * mebibyte }

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
  const unknown = values.only.find((name) => !parts.some((part) => part === name))
  if (unknown !== undefined) throw new Error(`there is no part ${unknown}; there are: ${parts.join(' ')}`)
  const { rounds, startRounds, files, lists, bigBytes } = values.quick ? quick : full
  return {
    rounds,
    startRounds,
    shape: { files, lists, bigBytes, bigFiles: 1 },
    parts: values.only.length === 0 ? parts : parts.filter((part) => values.only.includes(part)),
    jsonPath: values.json,
  }
}
