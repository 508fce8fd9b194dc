import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import { execa } from 'execa'

import type { Outcome } from './outcome.ts'
import type { CheckStep, Step, SuiteStep } from './steps.ts'
import { readReport } from './vitest-report.ts'

/** Longer than any step takes on a slow machine; a step that hangs must not keep the summary from coming. */
const stepTimeoutMs = 45 * 60_000

const reportDir = join(import.meta.dirname, '../../.cache/test')

/** Runs one step as a child process that writes to our own terminal. A step that fails is an outcome, not an error. */
export async function runStep(step: Step): Promise<Outcome> {
  const startedMs = performance.now()
  const result = await (step.kind === 'check' ? runCheck(step) : runSuite(step))
  return { name: step.name, durationMs: performance.now() - startedMs, ...result }
}

type Result = Omit<Outcome, 'name' | 'durationMs'>

async function runCheck(step: CheckStep): Promise<Result> {
  const ok = (await run('npm', ['run', '--silent', step.npmScript])) === 0
  return {
    passed: ok ? 1 : 0,
    failed: ok ? 0 : 1,
    skipped: 0,
    failures: ok ? [] : [`npm run ${step.npmScript}`],
    notRun: [],
  }
}

async function runSuite(step: SuiteStep): Promise<Result> {
  const reportPath = join(reportDir, `${step.name}.json`)
  await mkdir(dirname(reportPath), { recursive: true })
  // A report of an earlier run must never stand in for this one.
  await rm(reportPath, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`]
  const exitCode = await run('vitest', ['run', '--project', step.name, ...reporters])
  return readReport(await readFile(reportPath, 'utf8').catch(() => undefined), exitCode)
}

/** The exit code; 1 for a program that a signal or its time limit ended, or that could not be started. */
async function run(file: string, args: readonly string[]): Promise<number> {
  const result = await execa(file, args, {
    stdio: 'inherit',
    preferLocal: true,
    reject: false,
    timeout: stepTimeoutMs,
  })
  return result.exitCode ?? 1
}
