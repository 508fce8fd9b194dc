import type { ReactNode } from 'react'

import type { SourceView } from '../../../src-main/shared/app/snapshot.ts'
import { Icon, type IconName } from '../../components/icon.tsx'
import { Spinner } from '../../components/spinner.tsx'
import type { Tone } from './drive-text.ts'

type MarkKind = SourceView['kind'] | 'stack'

const icons: Readonly<Record<MarkKind, IconName>> = { s3files: 'bucket', sandbox: 'sandbox', stack: 'stack' }

/** A drive's picture with its state at the corner, where shape tells as much as colour. */
export function DriveMark({ kind, tone }: { kind: MarkKind; tone: Tone }): ReactNode {
  return (
    <span className={`drive-mark drive-mark-${kind}`} aria-hidden="true">
      <Icon name={icons[kind]} />
      <span className={`badge badge-${tone}`}>
        {tone === 'busy' && <Spinner />}
        {tone === 'good' && <Icon name="check" />}
        {tone === 'warning' && <span>!</span>}
        {tone === 'error' && <Icon name="cross" />}
      </span>
    </span>
  )
}
