import type { ReactNode } from 'react'

import type { SourceView } from '../../../src-main/shared/app/snapshot.ts'
import { Icon } from '../../components/icon.tsx'
import { Spinner } from '../../components/spinner.tsx'
import type { Tone } from './drive-text.ts'

/** A drive's picture with its state at the corner, where shape tells as much as colour. */
export function DriveMark({ kind, tone }: { kind: SourceView['kind']; tone: Tone }): ReactNode {
  return (
    <span className={`drive-mark drive-mark-${kind}`} aria-hidden="true">
      <Icon name={kind === 'sandbox' ? 'sandbox' : 'bucket'} />
      <span className={`badge badge-${tone}`}>
        {tone === 'busy' && <Spinner />}
        {tone === 'good' && <Icon name="check" />}
        {tone === 'warning' && <span>!</span>}
        {tone === 'error' && <Icon name="cross" />}
      </span>
    </span>
  )
}
