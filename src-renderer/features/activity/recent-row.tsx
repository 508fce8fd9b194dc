import type { ReactNode } from 'react'

import type { DriveView, RecentFile } from '../../../src-main/shared/app/snapshot.ts'
import { IconButton } from '../../components/button.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { Icon, type IconName } from '../../components/icon.tsx'
import { baseNameOf, formatAgo } from '../../lib/format.ts'
import { useCommand } from '../../lib/use-command.ts'
import { useNow } from '../../lib/use-now.ts'
import { recentTextOf } from './activity-model.ts'
import { FileLine } from './file-line.tsx'

const icons: Readonly<Record<RecentFile['what'], IconName>> = {
  saved: 'save',
  delivered: 'up',
  'in-s3': 'cloud',
  conflict: 'conflict',
  'export-refused': 'warning',
}

export function RecentRow({ file, drive }: { file: RecentFile; drive: DriveView | undefined }): ReactNode {
  const reveal = useCommand('file.reveal')
  const nowMs = useNow(10_000)
  const { driveId, path, what, atMs } = file
  return (
    <li className="row">
      <Icon name={icons[what]} className={`row-icon row-icon-${what}`} />
      <div className="row-words">
        <FileLine path={path} driveName={drive?.name} />
        <p className="row-note">
          {recentTextOf(file)} · {formatAgo(nowMs - atMs)}
        </p>
        {reveal.failure !== undefined && <FailureNote error={reveal.failure} onDismiss={reveal.clear} />}
      </div>
      {drive?.state.kind === 'mounted' && (
        <IconButton
          icon="folder"
          label={`Reveal ${baseNameOf(path)} in Finder`}
          pending={reveal.pending}
          onPress={() => void reveal.run({ driveId, paths: [path] })}
        />
      )}
    </li>
  )
}
