import type { ReactNode } from 'react'

import { useNewStackStore } from '../../stores/new-stack-store.ts'
import { PageHead } from '../add-drive/page-head.tsx'
import { WayInStep } from './way-in-step.tsx'
import { WhereStep } from './where-step.tsx'

/** The two steps that ask; the third is the plan, which the stack's own page shows. */
export function NewStackForm({ title, onBack }: { title: string; onBack: () => void }): ReactNode {
  const step = useNewStackStore((state) => state.step)
  const goTo = useNewStackStore((state) => state.goTo)
  if (step === 'way-in') {
    return (
      <>
        <PageHead title={title} step="Step 2 of 3: the way in" onBack={() => goTo('where')} />
        <WayInStep />
      </>
    )
  }
  return (
    <>
      <PageHead title={title} step="Step 1 of 3: where and what" onBack={onBack} />
      <WhereStep />
    </>
  )
}
