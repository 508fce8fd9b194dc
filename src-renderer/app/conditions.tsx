import type { ReactNode } from 'react'

import type { Condition } from '../../src-main/shared/app/snapshot.ts'
import { Button } from '../components/button.tsx'
import { FailureNote } from '../components/failure-note.tsx'
import { useFix } from '../lib/use-fix.ts'
import { useSnapshot } from '../stores/app-store.ts'
import { bySeverity } from './conditions-order.ts'

/** What is wrong with the whole: said once at the top for as long as it lasts. */
export function Conditions(): ReactNode {
  const conditions = useSnapshot((snapshot) => snapshot.conditions)
  if (conditions.length === 0) return null
  return (
    <section className="conditions" aria-label="What needs attention">
      {conditions.toSorted(bySeverity).map((condition) => (
        <ConditionLine key={condition.id} condition={condition} />
      ))}
    </section>
  )
}

function ConditionLine({ condition }: { condition: Condition }): ReactNode {
  const fix = useFix(condition.fix)
  return (
    <FailureNote error={condition.error} tone={condition.severity}>
      {fix !== undefined && (
        <Button pending={fix.pending} onPress={fix.run}>
          {fix.label}
        </Button>
      )}
      {fix?.failure !== undefined && <FailureNote error={fix.failure} />}
    </FailureNote>
  )
}
