import { useState, type ReactNode } from 'react'

import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Group } from '../../components/group.tsx'
import { useCommand } from '../../lib/use-command.ts'
import { ActionRow } from './action-row.tsx'

export function AdvancedSettings(): ReactNode {
  const logs = useCommand('app.show-logs')
  const diagnostics = useCommand('app.save-diagnostics')
  const link = useCommand('app.open-link')
  const reset = useCommand('app.reset')
  const quit = useCommand('app.quit')
  const [savedTo, setSavedTo] = useState<string>()
  const [resetAsked, setResetAsked] = useState(false)
  const save = async (): Promise<void> => {
    const answer = await diagnostics.run({})
    if (answer.ok) setSavedTo(answer.value.path)
  }
  const doReset = async (): Promise<void> => {
    const answer = await reset.run({})
    if (answer.ok) setResetAsked(false)
  }
  const failed = [logs, diagnostics, link, quit].find(({ failure }) => failure !== undefined)
  return (
    <>
      {failed?.failure !== undefined && <FailureNote error={failed.failure} onDismiss={failed.clear} />}
      <Group title="When something goes wrong">
        <ActionRow
          title="Logs"
          text="What happened, without secrets."
          action="Show logs"
          pending={logs.pending}
          onPress={() => void logs.run({})}
        />
        <ActionRow
          title="Diagnostics"
          text={savedTo === undefined ? 'Checks and logs in one file, for a report.' : `Saved as ${savedTo}`}
          action="Save…"
          pending={diagnostics.pending}
          onPress={() => void save()}
        />
        <ActionRow
          title="Help"
          text="What each message means."
          action="Troubleshooting"
          pending={link.pending}
          onPress={() => void link.run({ link: 'troubleshooting' })}
        />
      </Group>
      <Group title="Mountbar">
        <ActionRow
          title="Reset"
          text="Takes all drives off the list and forgets all settings."
          action="Reset…"
          danger
          pending={false}
          onPress={() => setResetAsked(true)}
        />
        <ActionRow
          title="Quit"
          text="Unmounts the drives first."
          action="Quit Mountbar"
          pending={quit.pending}
          onPress={() => void quit.run({})}
        />
      </Group>
      {resetAsked && (
        <ConfirmDialog
          title="Reset Mountbar?"
          text="All drives are unmounted and leave the list, and all settings are as on the first day. Files in S3 and in folders stay."
          action="Reset"
          pending={reset.pending}
          failure={reset.failure}
          onConfirm={() => void doReset()}
          onCancel={() => {
            setResetAsked(false)
            reset.clear()
          }}
        />
      )}
    </>
  )
}
