import type { ReactNode } from 'react'

import { Button } from '../components/button.tsx'
import { FailureNote } from '../components/failure-note.tsx'
import { useCommand } from '../lib/use-command.ts'
import { useSnapshot } from '../stores/app-store.ts'

/** Only an update that is ready is worth a line: the rest is in Settings. */
export function UpdateLine(): ReactNode {
  const update = useSnapshot((snapshot) => snapshot.update)
  const install = useCommand('app.install-update')
  if (update.kind !== 'ready') return null
  return (
    <section className="update" aria-label="Update">
      <p>Mountbar {update.version} is ready</p>
      <Button pending={install.pending} onPress={() => void install.run({})}>
        Restart to update
      </Button>
      {install.failure !== undefined && <FailureNote error={install.failure} onDismiss={install.clear} />}
    </section>
  )
}
