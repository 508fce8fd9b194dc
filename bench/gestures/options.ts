import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'

import { allGestures } from './gestures/all-gestures.ts'
import type { Gesture } from './gestures/gesture.ts'
import { serverIds, type ServerId } from './servers/server.ts'

/** Where the results go as JSON. */
export type JsonDestination =
  { readonly kind: 'last-line' } | { readonly kind: 'file'; readonly path: string }

export interface BenchOptions {
  readonly rounds: number
  readonly delayMs: number
  readonly gestures: readonly Gesture[]
  readonly servers: readonly ServerId[]
  readonly json: JsonDestination | undefined
  /** Where the tree and everybody's scratch files are made. */
  readonly parentDir: string
  /** Measure this many pending uploads instead of gestures. */
  readonly pending: number | undefined
}

const defaultRounds = 3
const delayMs = 20

export const usage = `npm run bench:gestures -- [--quick] [--only GESTURE] [--rounds N] [--json [FILE]] [--dir DIR]
npm run bench:gestures -- --pending COUNT

  --quick         our front alone
  --only GESTURE  only gestures whose name contains GESTURE; may be given again
  --rounds N      medians of N interleaved rounds instead of ${defaultRounds}
  --json          end with one line of JSON: our figures, per gesture
  --json FILE     write all that was measured there
  --dir DIR       work in DIR instead of ${tmpdir()}
  --pending COUNT a front with COUNT uploads waiting: memory, start-up, order

Gestures: ${allGestures.map(({ id }) => id).join(' ')}`

/** @throws with a sentence for the person who typed it. `undefined` when only help was asked for. */
export function parseOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: withJsonValue(args),
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      rounds: { type: 'string', default: String(defaultRounds) },
      dir: { type: 'string', default: tmpdir() },
      pending: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  return {
    rounds: parseCount('--rounds', values.rounds),
    servers: values.quick ? ['mountbar'] : serverIds,
    delayMs,
    gestures: selectGestures(values.only),
    json: destinationOf(values.json),
    parentDir: values.dir,
    pending: values.pending === undefined ? undefined : parseCount('--pending', values.pending),
  }
}

/** `--json` may stand alone, which `parseArgs` has no word for; `-` is what programs call their own output. */
function withJsonValue(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    const next = args[index + 1]
    return arg === '--json' && (next === undefined || next.startsWith('-')) ? ['--json=-'] : [arg]
  })
}

function destinationOf(json: string | undefined): JsonDestination | undefined {
  if (json === undefined) return undefined
  return json === '-' ? { kind: 'last-line' } : { kind: 'file', path: json }
}

function selectGestures(patterns: readonly string[]): readonly Gesture[] {
  if (patterns.length === 0) return allGestures
  const unknown = patterns.find((pattern) => !allGestures.some(({ id }) => id.includes(pattern)))
  if (unknown !== undefined) throw new Error(`no gesture is named like ${unknown}\n\n${usage}`)
  return allGestures.filter(({ id }) => patterns.some((pattern) => id.includes(pattern)))
}

function parseCount(option: string, text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) throw new Error(`${option} takes a whole number, not ${text}`)
  return count
}
