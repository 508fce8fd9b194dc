import { useRef, type ReactNode } from 'react'

import { AccountsView } from '../features/accounts/accounts-view.tsx'
import { MfaPrompt } from '../features/accounts/mfa-prompt.tsx'
import { ActivityView } from '../features/activity/activity-view.tsx'
import { AddDriveView } from '../features/add-drive/add-drive-view.tsx'
import { DrivesView } from '../features/drives/drives-view.tsx'
import { SettingsView } from '../features/settings/settings-view.tsx'
import { useAppStore } from '../stores/app-store.ts'
import { useUiStore } from '../stores/ui-store.ts'
import { Announcer } from './announcer.tsx'
import { Conditions } from './conditions.tsx'
import { Navigation } from './navigation.tsx'
import { Starting } from './starting.tsx'
import { UpdateLine } from './update-line.tsx'
import { useEscape } from './use-escape.ts'
import { usePopoverHeight } from './use-popover-height.ts'

const views = {
  drives: { title: 'Drives', View: DrivesView },
  activity: { title: 'Activity', View: ActivityView },
  accounts: { title: 'Accounts', View: AccountsView },
  settings: { title: 'Settings', View: SettingsView },
  'add-drive': { title: 'Add drive', View: AddDriveView },
} as const

export function App(): ReactNode {
  const isReady = useAppStore(({ snapshot }) => snapshot !== undefined)
  useEscape()
  return isReady ? <Popover /> : <Starting />
}

function Popover(): ReactNode {
  const view = useUiStore((state) => state.view)
  const chrome = useRef<HTMLElement>(null)
  const content = useRef<HTMLDivElement>(null)
  usePopoverHeight(chrome, content)
  const { title, View } = views[view]
  return (
    <div className="popover">
      <header className="chrome" ref={chrome}>
        <Navigation />
      </header>
      {/* A new view begins at its top. */}
      <main className="view" key={view}>
        <div ref={content} className="content">
          <h1 className="sr-only">{title}</h1>
          <UpdateLine />
          <Conditions />
          <View />
        </div>
      </main>
      <MfaPrompt />
      <Announcer />
    </div>
  )
}
