import type { CheckResult } from '../../services/diagnostics/check.ts'
import { formatCount } from '../../lib/format.ts'
import type { Terminal } from './terminal.ts'

/** One line per check that passed, or could not be tried; the others with what was found and what to do. */
export function renderDiagnosis(
  results: readonly CheckResult[],
  { green, yellow, red, dim }: Pick<Terminal, 'green' | 'yellow' | 'red' | 'dim'>,
): string[] {
  const lines = results.flatMap(({ title, passed, untried, severity, description, fixes }) => {
    if (untried) return [`${dim('–')} ${title} ${dim(description)}`]
    if (passed) return [`${green('✓')} ${title} ${dim(description)}`]
    const mark = severity === 'problem' ? red('✗') : yellow('•')
    return [`${mark} ${title}`, `    ${description}`, ...fixes.map((fix) => `    → ${fix}`)]
  })
  const problems = results.filter(({ passed, severity }) => !passed && severity === 'problem').length
  return [
    ...lines,
    '',
    problems === 0 ? 'Everything that is needed works.' : `${formatCount(problems, 'problem')} found.`,
  ]
}
