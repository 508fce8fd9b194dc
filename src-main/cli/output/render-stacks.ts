import type { AwsTarget, StackView } from '../../services/stacks/stack.ts'
import { renderTable } from './table.ts'
import type { Terminal } from './terminal.ts'

type Colours = Pick<Terminal, 'bold' | 'dim' | 'green' | 'yellow' | 'red'>

export function renderStacks(
  stacks: readonly StackView[],
  targets: readonly AwsTarget[],
  colours: Colours,
): string[] {
  if (stacks.length === 0) {
    const regions = [...new Set(targets.map(({ region }) => region))].join(', ')
    return [`No stacks in ${regions}. \`mountbar deploy\` makes one.`]
  }
  const { bold, dim } = colours
  const rows = stacks
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
    .map((stack) => [
      bold(stack.name),
      stack.region,
      stack.wayIn,
      stack.outputs?.bucketName ?? dim('–'),
      stack.outputs?.fileSystemId ?? dim('–'),
      renderStackState(stack, colours),
    ])
  const header = ['STACK', 'REGION', 'WAY IN', 'BUCKET', 'FILE SYSTEM', 'STATE'].map(dim)
  return renderTable([header, ...rows])
}

export function stacksToJson(stacks: readonly StackView[]) {
  return {
    stacks: stacks.map(({ createdAtMs, ...stack }) => ({
      ...stack,
      createdAt: new Date(createdAtMs).toISOString(),
    })),
  }
}

/** CloudFormation's status as a person means it. */
export function renderStackState(
  { status }: Pick<StackView, 'status'>,
  { green, yellow, red, dim }: Omit<Colours, 'bold'>,
): string {
  if (status === 'REVIEW_IN_PROGRESS') return dim('planned, not made')
  if (status === 'ROLLBACK_COMPLETE' || status === 'CREATE_FAILED')
    return red('failed; deploy with --replace-failed')
  if (status.endsWith('_FAILED')) return red(`needs a hand (${status})`)
  if (/ROLLBACK.*_IN_PROGRESS$/.test(status)) return yellow('is taken back')
  if (status.startsWith('DELETE')) return yellow('is being removed')
  if (status.endsWith('_IN_PROGRESS'))
    return yellow(status.startsWith('CREATE') ? 'is being made' : 'is being changed')
  // An update that was taken back leaves the stack as it was: good.
  return green('ready')
}
