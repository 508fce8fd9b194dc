import type { ReactNode } from 'react'

import { Button } from '../../components/button.tsx'

interface PageHeadProps {
  readonly title: string
  /** Where the user is on a way of several steps. */
  readonly step?: string | undefined
  /** Where back leads, when that is not the page before. */
  readonly back?: string
  readonly onBack: () => void
}

export function PageHead({ title, step, back = 'Back', onBack }: PageHeadProps): ReactNode {
  return (
    <div className="page-head">
      <Button kind="link" onPress={onBack}>
        ‹ {back}
      </Button>
      <div className="page-title">
        <h2 title={title}>{title}</h2>
        {step !== undefined && <p>{step}</p>}
      </div>
    </div>
  )
}
