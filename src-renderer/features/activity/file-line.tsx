import type { ReactNode } from 'react'

import { baseNameOf, folderOf } from '../../lib/format.ts'

/** A file's name, and which folder of which drive it is in. */
export function FileLine({ path, driveName }: { path: string; driveName: string | undefined }): ReactNode {
  const place = [driveName, folderOf(path)].filter(Boolean).join(' › ')
  return (
    <>
      <p className="file-name" title={path}>
        {baseNameOf(path)}
      </p>
      {place !== '' && (
        <p className="file-place" title={place}>
          {place}
        </p>
      )}
    </>
  )
}
