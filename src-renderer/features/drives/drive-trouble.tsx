import type { ReactNode } from 'react'

import type { TroubleView } from '../../../src-main/shared/app/snapshot.ts'
import { Button } from '../../components/button.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { useFix } from '../../lib/use-fix.ts'

/** What is wrong, and the one button that mends it. */
export function DriveTrouble({
  trouble,
  tone,
}: {
  trouble: TroubleView
  tone: 'warning' | 'error'
}): ReactNode {
  const fix = useFix(trouble.fix)
  return (
    <FailureNote error={trouble.error} tone={tone}>
      {fix !== undefined && (
        <Button pending={fix.pending} onPress={fix.run}>
          {fix.label}
        </Button>
      )}
      {fix?.failure !== undefined && <FailureNote error={fix.failure} />}
    </FailureNote>
  )
}
