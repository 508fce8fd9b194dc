import type { CommandInput } from '../../../src-main/shared/app/commands.ts'
import { awsPatterns } from '../../../src-main/shared/aws-patterns.ts'
import type { StackDraft } from '../../stores/new-stack-store.ts'

type NewStackInput = CommandInput<'stack.plan'>['stack']

export type StackProblems = Partial<Record<keyof StackDraft, string>>

const namePattern = /^[A-Za-z][A-Za-z0-9-]{0,127}$/
const bucketPattern = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

/** What the first step cannot go on with. The second has nothing that could be wrong. */
export function stackProblemsOf(draft: StackDraft): StackProblems {
  const { profile, region, name, bucketKind, bucketName, prefix } = draft
  const isNameless = bucketKind === 'new' && bucketName === ''
  return {
    ...(awsPatterns.region.test(region) ? {} : { region: 'Give a region, such as eu-central-1.' }),
    ...(namePattern.test(name) ? {} : { name: 'Letters, digits and hyphens, beginning with a letter.' }),
    ...(isNameless || bucketPattern.test(bucketName)
      ? {}
      : { bucketName: 'Three to 63 small letters, digits, dots and hyphens.' }),
    ...(prefixOf(prefix).length > 512 ? { prefix: 'That is too long for a folder.' } : {}),
    ...(profile.length > 256 ? { profile: 'No profile has a name as long as that.' } : {}),
  }
}

/** Call it only for a draft without problems. */
export function newStackOf(draft: StackDraft): NewStackInput {
  const { profile, region, name, bucketKind, bucketName, prefix, wayIn } = draft
  return {
    ...(profile === '' ? {} : { profile }),
    region,
    name,
    bucket:
      bucketKind === 'new' && bucketName === '' ? { kind: 'new' } : { kind: bucketKind, name: bucketName },
    prefix: prefixOf(prefix),
    wayIn,
  }
}

/** As templates want it: no slash before it, one behind it. */
function prefixOf(typed: string): string {
  const parts = typed.split('/').filter((part) => part.trim() !== '')
  return parts.length === 0 ? '' : `${parts.join('/')}/`
}
