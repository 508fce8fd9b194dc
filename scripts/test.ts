import { isRootOnDebian, readHost } from './debian/host.ts'
import { installPackages, missingPackages } from './debian/install.ts'
import { testPackages } from './debian/packages.ts'
import type { Outcome } from './test/outcome.ts'
import { runStep } from './test/run-step.ts'
import { steps } from './test/steps.ts'
import { summaryLines } from './test/summary.ts'

/**
 * `npm test`: everything that must hold, one step after the other, with all results at the end. A step that fails does not
 * keep the others from running. Exits 1 when anything failed.
 */
await installMissingPackages()
const outcomes: Outcome[] = []
for (const step of steps) {
  heading(step.name)
  outcomes.push(await runStep(step))
}
heading('summary')
for (const line of summaryLines(outcomes)) console.log(line)
process.exitCode = outcomes.some(({ failed }) => failed > 0) ? 1 : 0

/** Elsewhere than as root on Debian the suites that need a package name it in the summary. */
async function installMissingPackages(): Promise<void> {
  const missing = missingPackages(testPackages)
  if (missing.length === 0 || !isRootOnDebian(readHost())) return
  heading(`installing ${missing.map(({ name }) => name).join(' ')}`)
  if (!(await installPackages(missing)))
    console.log('Not all could be installed; the summary names what could not run.')
}

function heading(text: string): void {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 76 - text.length))}\n`)
}
