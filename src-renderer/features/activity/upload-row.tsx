import type { ReactNode } from 'react'

import type { DriveView } from '../../../src-main/shared/app/snapshot.ts'
import type { UploadInfo } from '../../../src-main/shared/front-protocol.ts'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { baseNameOf } from '../../lib/format.ts'
import { uploadTextOf } from './activity-model.ts'
import { FileLine } from './file-line.tsx'

export function UploadRow({ drive, upload }: { drive: DriveView; upload: UploadInfo }): ReactNode {
  const done = upload.size === 0 ? 0 : upload.sentBytes / upload.size
  return (
    <li className="row">
      <div className="row-words">
        <FileLine path={upload.path} driveName={drive.name} />
        {upload.state === 'delivering' && (
          <ProgressBar label={`Upload of ${baseNameOf(upload.path)}`} done={done} />
        )}
      </div>
      <p className="row-aside">{uploadTextOf(upload)}</p>
    </li>
  )
}
