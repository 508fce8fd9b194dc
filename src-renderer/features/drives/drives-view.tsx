import type { ReactNode } from 'react'

import { Icon } from '../../components/icon.tsx'
import { useSnapshot } from '../../stores/app-store.ts'
import { useUiStore } from '../../stores/ui-store.ts'
import { StackRow } from '../stacks/stack-row.tsx'
import { stackKeyOf } from '../stacks/stack-text.ts'
import { Onboarding } from '../onboarding/onboarding.tsx'
import { DriveRow } from './drive-row.tsx'

export function DrivesView(): ReactNode {
  const drives = useSnapshot((snapshot) => snapshot.drives)
  const stacks = useSnapshot((snapshot) => snapshot.stacks)
  const show = useUiStore(({ show }) => show)
  if (drives.length + stacks.length === 0) return <Onboarding />
  return (
    <>
      <ul className="drives" aria-label="Drives">
        {drives.map((drive) => (
          <DriveRow key={drive.id} drive={drive} />
        ))}
        {stacks.map((stack) => (
          <StackRow key={stackKeyOf(stack.ref)} stack={stack} />
        ))}
      </ul>
      <button type="button" className="add-row" onClick={() => show('add-drive')}>
        <Icon name="plus" />
        Add drive…
      </button>
    </>
  )
}
