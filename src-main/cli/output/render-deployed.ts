import type { PlanStep } from '../../services/stacks/deploy/make-plan.ts'
import type { StackView } from '../../services/stacks/stack.ts'
import { renderStackState } from './render-stacks.ts'
import { renderTable } from './table.ts'
import type { Terminal } from './terminal.ts'

export const planStepWords: Readonly<Record<PlanStep, string>> = {
  caller: 'Asking AWS who you are, and whether S3 Files is there',
  bucket: 'Looking at the bucket',
  address: 'Asking which address your connections come from',
  plan: 'Having CloudFormation make a plan',
}

/** A stack that is there: what drives need of it, and how to go on. */
export function renderReady(
  stack: StackView,
  colours: Pick<Terminal, 'bold' | 'dim' | 'green' | 'yellow' | 'red'>,
): string[] {
  const { bold, dim } = colours
  const state = `${bold(stack.name)} in ${stack.region}: ${renderStackState(stack, colours)}`
  const { outputs } = stack
  if (outputs === undefined) return [state]
  const facts = [
    ['Bucket', `${outputs.bucketName}${outputs.prefix === '' ? '' : `, below ${outputs.prefix}`}`],
    ['File system', outputs.fileSystemId],
    ['Access point', outputs.accessPointId],
    ['Endpoint', outputs.endpoint],
  ]
  return [
    state,
    ...renderTable(facts.map(([label = '', text = '']) => [`  ${dim(label)}`, text])),
    `Mount it: mountbar mount --stack ${stack.name}`,
  ]
}
