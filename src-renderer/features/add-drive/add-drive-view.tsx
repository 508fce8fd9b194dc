import type { ReactNode } from 'react'

import { useNewStackStore } from '../../stores/new-stack-store.ts'
import { useUiStore, type AddDrivePage } from '../../stores/ui-store.ts'
import { NewStackForm } from '../stacks/new-stack-form.tsx'
import { StackPage } from '../stacks/stack-page.tsx'
import { FileSystemForm } from './file-system-form.tsx'
import { FolderForm } from './folder-form.tsx'
import { FromStackForm } from './from-stack-form.tsx'
import { KindCard } from './kind-card.tsx'
import { PageHead } from './page-head.tsx'

const titles = {
  'file-system': 'S3 Files file system',
  'from-stack': 'From a stack',
  'new-stack': 'New S3 Files stack',
  folder: 'Sandbox folder',
} as const satisfies Partial<Record<AddDrivePage['kind'], string>>

export function AddDriveView(): ReactNode {
  const page = useUiStore(({ addDrivePage }) => addDrivePage)
  const addDrive = useUiStore(({ addDrive }) => addDrive)
  const chooseAgain = (): void => addDrive({ kind: 'choose' })
  return (
    <div className="add-drive">
      {page.kind === 'choose' && <Kinds />}
      {page.kind === 'stack' && <StackPage reference={page.ref} />}
      {page.kind === 'new-stack' && <NewStackForm title={titles['new-stack']} onBack={chooseAgain} />}
      {(page.kind === 'file-system' || page.kind === 'from-stack' || page.kind === 'folder') && (
        <>
          <PageHead title={titles[page.kind]} onBack={chooseAgain} />
          {page.kind === 'file-system' && <FileSystemForm />}
          {page.kind === 'from-stack' && <FromStackForm />}
          {page.kind === 'folder' && <FolderForm />}
        </>
      )}
    </div>
  )
}

function Kinds(): ReactNode {
  const show = useUiStore(({ show }) => show)
  const addDrive = useUiStore(({ addDrive }) => addDrive)
  return (
    <>
      <PageHead title="Add a drive" onBack={() => show('drives')} />
      <div className="kinds">
        <KindCard
          icon="bucket"
          title={titles['file-system']}
          text="A bucket that S3 Files serves already. Needs an AWS profile and a container engine."
          onPress={() => addDrive({ kind: 'file-system' })}
        />
        <KindCard
          icon="stack"
          title={titles['from-stack']}
          text="Made before with Mountbar, here or on another Mac. Nothing to type but a name."
          onPress={() => addDrive({ kind: 'from-stack' })}
        />
        <KindCard
          icon="plus"
          title={titles['new-stack']}
          text="Bucket, file system and the way there, made in your AWS account. Shows what it costs first."
          onPress={() => {
            useNewStackStore.getState().goTo('where')
            addDrive({ kind: 'new-stack' })
          }}
        />
        <KindCard
          icon="sandbox"
          title={titles.folder}
          text="A folder on this Mac that behaves like a bucket, with S3 Files’ timing. Needs nothing."
          onPress={() => addDrive({ kind: 'folder' })}
        />
      </div>
    </>
  )
}
