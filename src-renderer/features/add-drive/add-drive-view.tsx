import { useState, type ReactNode } from 'react'

import { Button } from '../../components/button.tsx'
import { FileSystemForm } from './file-system-form.tsx'
import { FolderForm } from './folder-form.tsx'
import { useUiStore } from '../../stores/ui-store.ts'
import { KindCard } from './kind-card.tsx'

type Kind = 'file-system' | 'folder'

export function AddDriveView(): ReactNode {
  const [kind, setKind] = useState<Kind>()
  const show = useUiStore(({ show }) => show)
  return (
    <div className="add-drive">
      <div className="page-head">
        <Button kind="link" onPress={() => (kind === undefined ? show('drives') : setKind(undefined))}>
          ‹ Back
        </Button>
        <h2>{kind === undefined ? 'Add a drive' : titles[kind]}</h2>
      </div>
      {kind === undefined && (
        <div className="kinds">
          <KindCard
            icon="bucket"
            title={titles['file-system']}
            text="A bucket that S3 Files serves. Needs an AWS profile and a container engine."
            onPress={() => setKind('file-system')}
          />
          <KindCard
            icon="sandbox"
            title={titles.folder}
            text="Behaves like a bucket, with S3 Files’ timing. Needs nothing."
            onPress={() => setKind('folder')}
          />
        </div>
      )}
      {kind === 'file-system' && <FileSystemForm />}
      {kind === 'folder' && <FolderForm />}
    </div>
  )
}

const titles: Readonly<Record<Kind, string>> = {
  'file-system': 'S3 Files file system',
  folder: 'Sandbox folder',
}
