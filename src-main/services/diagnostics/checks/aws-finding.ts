import { messageFor } from '../../../shared/messages.ts'
import type { SerializedError } from '../../../shared/errors.ts'
import { failed, passed, untried } from '../check.ts'
import type { Check, Finding } from '../check.ts'
import type { AwsAccess, AwsFact } from '../aws-access.ts'
import type { CheckContext } from '../context.ts'

type Needs = Pick<CheckContext, 'aws'>

export interface AwsCheckSpec {
  readonly id: string
  readonly title: string
  readonly severity: Check<Needs>['severity']
  /** Nothing where the question was not asked. */
  readonly findingOf: (access: AwsAccess) => Finding | undefined
}

/** One question for all drives that AWS is behind. It is left out where nobody could be asked. */
export function awsCheck({ id, title, severity, findingOf }: AwsCheckSpec): Check<Needs> {
  const partsOf = (all: readonly AwsAccess[]): readonly Part[] =>
    all.flatMap((access) => {
      const finding = findingOf(access)
      return finding === undefined ? [] : [{ access, finding }]
    })
  return {
    id,
    title,
    severity,
    applicable: async ({ aws }) => partsOf(await aws()).length > 0,
    check: async ({ aws }) => combine(partsOf(await aws())),
  }
}

/** A step as a finding. */
export function findingOfFact(fact: AwsFact | undefined): Finding | undefined {
  if (fact === undefined) return undefined
  if (fact.kind === 'good') return passed(fact.fact)
  return fact.kind === 'untried' ? untried(fact.why) : findingOfError(fact.error)
}

export function findingOfError(error: SerializedError): Finding {
  const { text, fix } = messageFor(error)
  return failed(text, ...(fix === undefined ? [] : [fix]))
}

interface Part {
  readonly access: AwsAccess
  readonly finding: Finding
}

function combine(parts: readonly Part[]): Finding {
  const failures = parts.filter(({ finding }) => !finding.passed)
  const shown = failures.length > 0 ? failures : parts
  const fixes = [...new Set(shown.flatMap(({ finding }) => finding.fixes))]
  const facts = new Set(shown.map(({ finding }) => finding.description))
  const [only] = facts
  // What is the same for all of them is said once.
  const description =
    facts.size === 1 && only !== undefined
      ? only
      : shown.map(({ access, finding }) => `${nameOf(access)}: ${finding.description}`).join(' ')
  return {
    passed: failures.length === 0,
    description,
    fixes,
    ...(failures.length === 0 && parts.every(({ finding }) => finding.untried === true) && { untried: true }),
    // A profile that no drive uses stops nothing.
    ...(failures.every(({ access }) => access.driveName === undefined) &&
      failures.length > 0 && { severity: 'advice' }),
  }
}

function nameOf({ driveName, profile }: AwsAccess): string {
  return driveName === undefined ? `Profile ${profile}` : `“${driveName}”`
}
