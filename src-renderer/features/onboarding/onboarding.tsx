import type { ReactNode } from 'react'

import { Button } from '../../components/button.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { useCommand } from '../../lib/use-command.ts'
import { useUiStore } from '../../stores/ui-store.ts'
import { Picture } from './picture.tsx'

/** What a newcomer sees: one press from here to a volume. */
export function Onboarding(): ReactNode {
  const addSandbox = useCommand('drive.add-sandbox')
  const show = useUiStore(({ show }) => show)
  return (
    <div className="onboarding">
      <Picture />
      <h2>An S3 bucket as a volume in the Finder</h2>
      <p>
        Try it with the Sandbox: a folder on this Mac that behaves like a bucket. It needs no AWS account and
        no container engine.
      </p>
      <Button
        kind="primary"
        pending={addSandbox.pending}
        onPress={() => void addSandbox.run({ mount: true })}
      >
        Mount the Sandbox
      </Button>
      <Button kind="link" onPress={() => show('add-drive')}>
        Connect an S3 Files file system…
      </Button>
      {addSandbox.failure !== undefined && (
        <FailureNote error={addSandbox.failure} onDismiss={addSandbox.clear} />
      )}
    </div>
  )
}
