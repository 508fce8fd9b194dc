import type { ReactNode } from 'react'

import { notificationKinds, type NotificationKind } from '../../../src-main/shared/app/snapshot.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { Group } from '../../components/group.tsx'
import { Select } from '../../components/select.tsx'
import { Switch } from '../../components/switch.tsx'
import { useCommand } from '../../lib/use-command.ts'
import { useSnapshot } from '../../stores/app-store.ts'
import { notificationWords, updateTextOf } from './settings-text.ts'
import { useWish } from './use-wish.ts'

export function GeneralSettings(): ReactNode {
  const settings = useSnapshot((snapshot) => snapshot.settings)
  const update = useSnapshot((snapshot) => snapshot.update)
  const version = useSnapshot((snapshot) => snapshot.version)
  const change = useCommand('settings.change')
  const login = useWish(settings.openAtLogin)
  const channel = useWish(settings.updateChannel)
  return (
    <>
      {change.failure !== undefined && <FailureNote error={change.failure} onDismiss={change.clear} />}
      <Group title="Start">
        <Switch
          label="Open at login"
          hint="Drives that mount by themselves are then there when you are."
          checked={login.value}
          pending={login.pending}
          onChange={(openAtLogin) => login.wish(openAtLogin, change.run({ openAtLogin }))}
        />
      </Group>
      <Group title="Notifications">
        {notificationKinds.map((kind) => (
          <NotificationSwitch
            key={kind}
            kind={kind}
            checked={settings.notifications[kind]}
            change={(checked) => change.run({ notifications: { [kind]: checked } })}
          />
        ))}
      </Group>
      <Group title="Updates">
        <Select
          label="Versions"
          options={[
            { value: 'stable', label: 'Stable' },
            { value: 'beta', label: 'Beta' },
          ]}
          value={channel.value}
          pending={channel.pending}
          onChange={(updateChannel) => channel.wish(updateChannel, change.run({ updateChannel }))}
        />
        <p className="group-note">{updateTextOf(update, version)}</p>
      </Group>
    </>
  )
}

interface NotificationSwitchProps {
  readonly kind: NotificationKind
  readonly checked: boolean
  readonly change: (checked: boolean) => Promise<unknown>
}

function NotificationSwitch({ kind, checked, change }: NotificationSwitchProps): ReactNode {
  const { value, pending, wish } = useWish(checked)
  return (
    <Switch
      label={notificationWords[kind]}
      checked={value}
      pending={pending}
      onChange={(wanted) => wish(wanted, change(wanted))}
    />
  )
}
