import type { ReactNode } from 'react'

import type { ViewId } from '../../src-main/shared/app/answers.ts'
import type { Snapshot } from '../../src-main/shared/app/snapshot.ts'
import { useSnapshot } from '../stores/app-store.ts'
import { useUiStore } from '../stores/ui-store.ts'

const tabs: readonly { readonly view: ViewId; readonly word: string }[] = [
  { view: 'drives', word: 'Drives' },
  { view: 'activity', word: 'Activity' },
  { view: 'accounts', word: 'Accounts' },
  { view: 'settings', word: 'Settings' },
]

export function Navigation(): ReactNode {
  const current = useUiStore(({ view }) => view)
  const show = useUiStore(({ show }) => show)
  const uploads = useSnapshot(uploadsThatWait)
  const accounts = useSnapshot(accountsThatEnded)
  const counts: Partial<Record<ViewId, number>> = { activity: uploads, accounts }
  return (
    <nav className="tabs" aria-label="Views">
      {tabs.map(({ view, word }) => {
        const count = counts[view] ?? 0
        const isCurrent = view === current || (view === 'drives' && current === 'add-drive')
        return (
          <button
            key={view}
            type="button"
            className="tab"
            aria-current={isCurrent ? 'page' : undefined}
            onClick={() => show(view)}
          >
            {word}
            {count > 0 && (
              <span className="tab-count">
                {count > 99 ? '99+' : count}
                <span className="sr-only"> {count === 1 ? 'needs' : 'need'} attention</span>
              </span>
            )}
          </button>
        )
      })}
    </nav>
  )
}

function uploadsThatWait({ drives }: Snapshot): number {
  return drives.reduce((sum, { uploads }) => sum + uploads.attention, 0)
}

/** Sign-ins that were in use; nobody is bothered with profiles that never were. */
function accountsThatEnded({ accounts }: Snapshot): number {
  return accounts.filter(({ session }) => session.kind === 'expired' || session.kind === 'failed').length
}
