import type { ReactNode } from 'react'

import type { StackRef } from '../../../src-main/shared/app/stacks.ts'
import { useSnapshot } from '../../stores/app-store.ts'
import { useUiStore } from '../../stores/ui-store.ts'
import { PageHead } from '../add-drive/page-head.tsx'
import { StackDeployed } from './stack-deployed.tsx'
import { StackDeploying } from './stack-deploying.tsx'
import { StackFailed } from './stack-failed.tsx'
import { StackPlanned } from './stack-planned.tsx'
import { StackWait } from './stack-wait.tsx'
import { stackKeyOf, stackPlaceOf } from './stack-text.ts'
import { useStack } from './use-stack.ts'

/** One stack from its plan to its drive. All of it comes from main: it goes on, whatever becomes of this page. */
export function StackPage({ reference }: { reference: StackRef }): ReactNode {
  const show = useUiStore((state) => state.show)
  const key = stackKeyOf(reference)
  const stack = useSnapshot(({ stacks }) => stacks.find(({ ref }) => stackKeyOf(ref) === key))
  const isAsked = stack === undefined || stack.state.kind === 'planning' || stack.state.kind === 'planned'
  return (
    <>
      <PageHead
        title={reference.name}
        step={isAsked ? 'Step 3 of 3: the plan' : stackPlaceOf(reference)}
        back="Drives"
        onBack={() => show('drives')}
      />
      <Content reference={reference} stack={stack} />
    </>
  )
}

type ContentProps = Parameters<typeof useStack>[0]

function Content(props: ContentProps): ReactNode {
  const actions = useStack(props)
  const { reference, stack } = props
  // Main publishes it a moment after it was asked for.
  if (stack === undefined) return <StackWait text="One moment…" actions={actions} />
  const { state } = stack
  switch (state.kind) {
    case 'planning':
      return <StackWait text="AWS looks at what would change. That takes a few seconds." actions={actions} />
    case 'planned':
      return <StackPlanned plan={state.plan} wayIn={stack.wayIn} actions={actions} />
    case 'deploying':
      return <StackDeploying name={reference.name} state={state} actions={actions} />
    case 'cancelling':
      return <StackWait text="AWS takes back what was made. That takes a few minutes." actions={undefined} />
    case 'deployed':
      return <StackDeployed reference={reference} choice={state.choice} actions={actions} />
    case 'failed':
      return <StackFailed error={state.error} profile={reference.profile} actions={actions} />
  }
}
