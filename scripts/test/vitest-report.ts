import { z } from 'zod'

import { parseNotRunTitle } from './not-run.ts'
import type { Counts, NotRun } from './outcome.ts'

/** The part of vitest's JSON report that is read here. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      /** Path of the test file. */
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() }),
      ),
    }),
  ),
})

type FileReport = z.output<typeof reportSchema>['testResults'][number]
type TestReport = FileReport['assertionResults'][number]

export interface SuiteReport extends Counts {
  readonly failures: readonly string[]
  readonly notRun: readonly NotRun[]
}

/**
 * Counts a vitest JSON report. A file that failed without a failing test (it did not load, a hook broke) is one failure, and
 * so is a run that ended badly although nothing in the report says why, or left no readable report (`json` is `undefined` or cut off).
 */
export function readReport(json: string | undefined, exitCode: number): SuiteReport {
  const report = parseReport(json)
  const files = report?.testResults ?? []
  const tests = files.flatMap((file) => file.assertionResults)
  const failures = files.flatMap(failuresOf)
  if (failures.length === 0 && (exitCode !== 0 || report === undefined)) {
    failures.push(`the run itself (exit code ${exitCode}${report === undefined ? ', no report' : ''})`)
  }
  const passed = tests.filter(({ status }) => status === 'passed').length
  const skipped = tests.filter(isSkipped)
  return { passed, failed: failures.length, skipped: skipped.length, failures, notRun: notRunOf(skipped) }
}

function parseReport(json: string | undefined): z.output<typeof reportSchema> | undefined {
  try {
    return json === undefined ? undefined : reportSchema.parse(JSON.parse(json))
  } catch {
    return undefined
  }
}

function failuresOf(file: FileReport): string[] {
  const failed = file.assertionResults.filter(({ status }) => status === 'failed').map(fullTitle)
  if (failed.length > 0 || file.status !== 'failed') return failed
  return [`${file.name}: ${file.message?.split('\n')[0] ?? 'failed to run'}`]
}

/** One entry per suite that says why it cannot run here, and one per test that was skipped without a word. */
function notRunOf(skipped: readonly TestReport[]): NotRun[] {
  const byTitle = new Map<string, NotRun>()
  for (const test of skipped) {
    const notRun = reasonOf(test) ?? { title: fullTitle(test) }
    byTitle.set(notRun.title, notRun)
  }
  return [...byTitle.values()]
}

function reasonOf(test: TestReport): NotRun | undefined {
  const titles = [...test.ancestorTitles, test.title]
  const depth = titles.findIndex((title) => parseNotRunTitle(title) !== undefined)
  return depth < 0 ? undefined : parseNotRunTitle(titles.slice(0, depth + 1).join(' > '))
}

/** Whatever neither passed nor failed counts as skipped, statuses of later vitest versions included. */
function isSkipped({ status }: TestReport): boolean {
  return status !== 'passed' && status !== 'failed'
}

function fullTitle(test: TestReport): string {
  return [...test.ancestorTitles, test.title].join(' > ')
}
