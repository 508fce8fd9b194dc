import type { ReactNode } from 'react'

import { EmptyNote } from '../../components/empty-note.tsx'
import { Group } from '../../components/group.tsx'
import { useNow } from '../../lib/use-now.ts'
import { useSnapshot } from '../../stores/app-store.ts'
import { AccountRow } from './account-row.tsx'
import { byUrgency } from './account-text.ts'

export function AccountsView(): ReactNode {
  const accounts = useSnapshot((snapshot) => snapshot.accounts)
  const nowMs = useNow(5_000)
  if (accounts.length === 0) {
    return (
      <EmptyNote>
        There are no AWS profiles on this Mac yet. Make one in Terminal with <code>aws configure sso</code>;
        it shows up here by itself.
      </EmptyNote>
    )
  }
  return (
    <Group title="AWS profiles">
      <ul className="rows" aria-label="AWS profiles">
        {accounts.toSorted(byUrgency).map((account) => (
          <AccountRow key={account.profile} account={account} nowMs={nowMs} />
        ))}
      </ul>
    </Group>
  )
}
