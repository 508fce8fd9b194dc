import type { Fix } from '../../src-main/shared/app/snapshot.ts'
import type { SerializedError } from '../../src-main/shared/errors.ts'
import { useUiStore } from '../stores/ui-store.ts'
import { useCommand } from './use-command.ts'
import { useSignIn } from './use-sign-in.ts'

interface Progress {
  readonly pending: boolean
  /** Why the fix itself did not work. */
  readonly failure: SerializedError | undefined
}

export interface FixAction extends Progress {
  readonly label: string
  readonly run: () => void
}

/** What the one button beside a trouble says and does. */
export function useFix(fix: Fix | undefined): FixAction | undefined {
  const mount = useCommand('drive.mount')
  const signIn = useSignIn()
  const letIn = useCommand('drive.let-in')
  const openLink = useCommand('app.open-link')
  const ui = useUiStore
  if (fix === undefined) return undefined
  const here = { pending: false, failure: undefined }
  switch (fix.kind) {
    case 'mount':
      return { ...stateOf(mount), label: 'Try again', run: () => void mount.run({ driveId: fix.driveId }) }
    case 'let-in':
      return {
        ...stateOf(letIn),
        label: 'Let this address in',
        run: () => void letIn.run({ driveId: fix.driveId }),
      }
    case 'sign-in':
      return {
        ...stateOf(signIn),
        label: 'Sign in',
        run: () => {
          // The way to go on, and a code where there is one, are shown there.
          ui.getState().show('accounts')
          void signIn.run({ profile: fix.profile, method: 'browser' })
        },
      }
    case 'open-link':
      return {
        ...stateOf(openLink),
        label: fix.link === 'install-engine' ? 'Get an engine' : 'Read more',
        run: () => void openLink.run({ link: fix.link }),
      }
    case 'show-uploads':
      return { ...here, label: 'Show uploads', run: () => ui.getState().showActivity(fix.driveId) }
    case 'edit-drive':
      return { ...here, label: 'Edit drive', run: () => ui.getState().editDrive(fix.driveId) }
    case 'choose-engine':
      return { ...here, label: 'Choose an engine', run: () => ui.getState().showSettings('engine') }
  }
}

function stateOf({ pending, failure }: Progress): Progress {
  return { pending, failure }
}
