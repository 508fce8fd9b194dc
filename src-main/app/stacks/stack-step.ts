import type { OperationProgress } from '../../services/stacks/watch/operation.ts'
import type { StackProgressState } from '../../shared/app/stacks.ts'

/** What is said before CloudFormation has said anything. */
export const firstStep: StackProgressState = { kind: 'deploying', step: 'Starting', fraction: 0 }

/** The same, of what was under way before. */
export const firstLook: StackProgressState = {
  kind: 'deploying',
  step: 'Asking AWS how far it is',
  fraction: 0,
}

/** What CloudFormation does, as windows show it. Taking back is no progress, whoever wanted it. */
export function stateOfProgress(progress: OperationProgress): StackProgressState {
  const { kind, percent, current, trouble } = progress
  if (kind === 'taking-back' || kind === 'removing') return { kind: 'cancelling' }
  const verb = kind === 'making' ? 'Making' : 'Changing'
  const [first = 'the stack', ...others] = current
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  const step = trouble === undefined ? `${verb} ${first}${more}` : `S3 Files says: ${trouble}`
  return { kind: 'deploying', step, fraction: percent / 100 }
}
