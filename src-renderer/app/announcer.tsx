import { useEffect, useState, type ReactNode } from 'react'

import { useAppStore } from '../stores/app-store.ts'
import { announcementsOf } from './announcements.ts'

/** Says changes of state to a screen reader, wherever in the popover it is reading. */
export function Announcer(): ReactNode {
  const [text, setText] = useState('')
  useEffect(
    () =>
      useAppStore.subscribe((state, before) => {
        if (state.snapshot === undefined || before.snapshot === undefined) return
        const said = announcementsOf(before.snapshot, state.snapshot)
        if (said.length > 0) setText(said.join('. '))
      }),
    [],
  )
  return (
    <div className="sr-only" role="status" aria-label="Changes">
      {text}
    </div>
  )
}
