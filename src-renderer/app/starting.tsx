import { useRef, useState, type ReactNode } from 'react'

import { Button } from '../components/button.tsx'
import { FailureNote } from '../components/failure-note.tsx'
import { Spinner } from '../components/spinner.tsx'
import { useAppStore } from '../stores/app-store.ts'
import { fetchSnapshot } from './connect.ts'
import { usePopoverHeight } from './use-popover-height.ts'

/** Before main has told anything. */
export function Starting(): ReactNode {
  const failure = useAppStore((state) => state.failure)
  const [pending, setPending] = useState(false)
  const content = useRef<HTMLElement>(null)
  usePopoverHeight(undefined, content)
  if (failure === undefined) {
    return (
      <main ref={content} className="starting" aria-label="Mountbar">
        <h1 className="sr-only">Mountbar</h1>
        <Spinner />
        <p>Looking at your drives…</p>
      </main>
    )
  }
  const tryAgain = async (): Promise<void> => {
    setPending(true)
    await fetchSnapshot()
    setPending(false)
  }
  return (
    <main ref={content} className="starting" aria-label="Mountbar">
      <h1 className="sr-only">Mountbar</h1>
      <FailureNote error={failure}>
        <Button pending={pending} onPress={() => void tryAgain()}>
          Try again
        </Button>
      </FailureNote>
    </main>
  )
}
