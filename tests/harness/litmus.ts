import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

import { makeTempDir } from './temp-dir.ts'

/** The suites that make up litmus's own default run, in its order. */
export const litmusSuites = ['basic', 'copymove', 'props', 'locks', 'http'] as const
export type LitmusSuite = (typeof litmusSuites)[number]

export interface LitmusResult {
  readonly suite: LitmusSuite
  readonly passed: number
  /** `<number>. <test>: <litmus's reason>`; the number because names repeat within a suite. */
  readonly failures: readonly string[]
  readonly skipped: readonly string[]
  readonly warnings: readonly string[]
  /** litmus's own closing line of the suite. */
  readonly summary: string
}

/**
 * Runs one suite with Debian's litmus against `url`, which must be writable.
 * @throws when the suite did not come to its own summary, or when that disagrees with the tests counted.
 */
export async function runLitmus(suite: LitmusSuite, url: string): Promise<LitmusResult> {
  // litmus leaves its debug.log and child.log in the folder it runs in.
  await using temp = await makeTempDir('litmus')
  const child = spawn('litmus', ['--keep-going', url], {
    cwd: temp.dir,
    env: { ...process.env, TESTS: suite },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return parseLitmus(suite, stdout, stderr)
}

/** Reads what one suite prints. A test's line is overwritten with `\r` when it ends, and continued after a warning. */
export function parseLitmus(suite: LitmusSuite, stdout: string, stderr = ''): LitmusResult {
  const failures: string[] = []
  const skipped: string[] = []
  const warnings: string[] = []
  let passed = 0
  let current = ''
  for (const line of stdout.split(/[\r\n]+/)) {
    const started = /^ *(\d+\. \w+)\.*/.exec(line)
    if (started) current = started[1]!
    const warning = /WARNING: (.*)$/.exec(line)
    if (warning) warnings.push(`${current}: ${warning[1]!}`)
    const outcome = /(?:^ *(?:\d+\. \w+)?\.*|\.) (pass|FAIL|SKIPPED)(?: \((.*?)\)?)?$/.exec(line)
    if (outcome?.[1] === 'pass') passed += 1
    if (outcome?.[1] === 'FAIL') failures.push(`${current}: ${outcome[2] ?? 'no reason given'}`)
    if (outcome?.[1] === 'SKIPPED') skipped.push(current)
  }
  const summary = /<- summary for `\w+': of (\d+) tests run: (\d+) passed, (\d+) failed\..*/.exec(stdout)
  if (!summary) throw new Error(`litmus ${suite} did not finish:\n${stdout}${stderr}`)
  if (Number(summary[2]) !== passed || Number(summary[3]) !== failures.length) {
    throw new Error(
      `litmus ${suite}: ${summary[0]} but ${passed} and ${failures.length} were counted:\n${stdout}`,
    )
  }
  return { suite, passed, failures, skipped, warnings, summary: summary[0].replace('<- summary for ', '') }
}
