import { execa } from 'execa'

import { startTestFront } from '../tests/harness/front.ts'
import { litmusSuites, runLitmus, type LitmusResult } from '../tests/harness/litmus.ts'

/** `npm run litmus`: Debian's litmus against a front of the current sources; exits 1 unless every test of every suite ran and passed. */
async function main(): Promise<void> {
  await execa({ stdio: 'inherit' })`npm run --silent build`
  await using front = await startTestFront()
  const results: LitmusResult[] = []
  for (const suite of litmusSuites) {
    const result = await runLitmus(suite, front.url)
    console.log(result.summary)
    for (const warning of result.warnings) console.log(`  warning: ${warning}`)
    for (const failure of result.failures) console.log(`  failed: ${failure}`)
    for (const skipped of result.skipped) console.log(`  not run: ${skipped}`)
    results.push(result)
  }
  const total = (count: (result: LitmusResult) => number) =>
    results.reduce((sum, result) => sum + count(result), 0)
  const failed = total(({ failures }) => failures.length)
  if (failed > 0 || total(({ skipped }) => skipped.length) > 0) process.exitCode = 1
  console.log(`litmus: ${total(({ passed }) => passed)} passed, ${failed} failed`)
}

await main()
