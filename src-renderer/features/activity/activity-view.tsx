import type { ReactNode } from 'react'

import { Button } from '../../components/button.tsx'
import { EmptyNote } from '../../components/empty-note.tsx'
import { Group } from '../../components/group.tsx'
import { useSnapshot } from '../../stores/app-store.ts'
import { AttentionRow } from './attention-row.tsx'
import { ConflictRow } from './conflict-row.tsx'
import { RecentRow } from './recent-row.tsx'
import { UploadRow } from './upload-row.tsx'
import { useActivity } from './use-activity.ts'

export function ActivityView(): ReactNode {
  const { attention, conflicts, moving, unlisted, summary, recent, filter } = useActivity()
  const drives = useSnapshot((snapshot) => snapshot.drives)
  const driveOf = (driveId: string): (typeof drives)[number] | undefined =>
    drives.find(({ id }) => id === driveId)
  const isQuiet = attention.length + conflicts.length + moving.length + recent.length === 0
  return (
    <>
      {filter !== undefined && (
        <div className="filter">
          <p>Only {filter.name}</p>
          <Button kind="link" onPress={filter.clear}>
            Show all drives
          </Button>
        </div>
      )}
      {isQuiet && <EmptyNote>Nothing is on its way. What you save to a drive shows up here.</EmptyNote>}
      {attention.length > 0 && (
        <Group title="Needs attention">
          <ul className="rows">
            {attention.map(({ drive, upload }) => (
              <AttentionRow key={`${drive.id} ${upload.id}`} drive={drive} upload={upload} />
            ))}
          </ul>
        </Group>
      )}
      {conflicts.length > 0 && (
        <Group title="Conflicts">
          <ul className="rows">
            {conflicts.map((file) => (
              <ConflictRow key={keyOf(file)} file={file} drive={driveOf(file.driveId)} />
            ))}
          </ul>
        </Group>
      )}
      {moving.length > 0 && (
        <Group title="On their way">
          {summary !== undefined && <p className="group-note">{summary}</p>}
          <ul className="rows">
            {moving.map(({ drive, upload }) => (
              <UploadRow key={`${drive.id} ${upload.id}`} drive={drive} upload={upload} />
            ))}
          </ul>
          {unlisted > 0 && <p className="group-note">and {unlisted.toLocaleString('en-US')} more</p>}
        </Group>
      )}
      {recent.length > 0 && (
        <Group title="Recent">
          <ul className="rows">
            {recent.map((file) => (
              <RecentRow key={keyOf(file)} file={file} drive={driveOf(file.driveId)} />
            ))}
          </ul>
        </Group>
      )}
    </>
  )
}

function keyOf({
  driveId,
  path,
  atMs,
  what,
}: {
  driveId: string
  path: string
  atMs: number
  what: string
}): string {
  return `${driveId} ${what} ${atMs} ${path}`
}
