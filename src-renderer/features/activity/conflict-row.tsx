import type { ReactNode } from 'react'

import type { DriveView, RecentFile } from '../../../src-main/shared/app/snapshot.ts'
import { Button } from '../../components/button.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { baseNameOf, formatAgo } from '../../lib/format.ts'
import { useCommand } from '../../lib/use-command.ts'
import { useNow } from '../../lib/use-now.ts'
import { FileLine } from './file-line.tsx'

export function ConflictRow({ file, drive }: { file: RecentFile; drive: DriveView | undefined }): ReactNode {
  const reveal = useCommand('file.reveal')
  const nowMs = useNow(10_000)
  const { driveId, path, detail, atMs } = file
  const paths = detail === undefined ? [path] : [path, detail]
  return (
    <li className="row row-tall">
      <div className="row-words">
        <FileLine path={path} driveName={drive?.name} />
        <p className="row-note">
          Somebody else changed it too. Both were kept
          {detail === undefined ? '' : <>; yours is “{baseNameOf(detail)}”</>}.
        </p>
        {drive?.state.kind === 'mounted' && (
          <div className="row-buttons">
            <Button
              label={`Show both in Finder: ${baseNameOf(path)}`}
              pending={reveal.pending}
              onPress={() => void reveal.run({ driveId, paths })}
            >
              Show both in Finder
            </Button>
          </div>
        )}
        {reveal.failure !== undefined && <FailureNote error={reveal.failure} onDismiss={reveal.clear} />}
      </div>
      <p className="row-aside">{formatAgo(nowMs - atMs)}</p>
    </li>
  )
}
