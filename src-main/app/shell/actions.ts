import type { AppAction } from '../../core/app-action.ts'
import type { Place, Result } from '../../shared/app/answers.ts'
import type { SerializedError } from '../../shared/errors.ts'
import type { MountbarApp } from '../ports.ts'

export interface ActionParts {
  readonly app: Pick<MountbarApp, 'run' | 'snapshot'>
  readonly showView: (view: Place) => void
  readonly tell: (error: SerializedError) => Promise<void>
}

/** Does what a menu item, a notification or a link stands for. Nobody waits for it, so a failure is told in a dialog. */
export function createActions({ app, showView, tell }: ActionParts): (action: AppAction) => void {
  const told = async (...results: readonly Promise<Result<unknown>>[]): Promise<void> => {
    const failures = (await Promise.all(results)).flatMap((result) => (result.ok ? [] : [result.error]))
    const first = failures.find(({ code }) => code !== 'cancelled' && code !== 'mount-cancelled')
    if (first !== undefined) await tell(first)
  }
  /** What a mount came to is the drive's state, which nobody sees who did not ask for it in the popover. */
  const mount = async (driveId: string): Promise<Result<unknown>> => {
    const result = await app.run('drive.mount', { driveId })
    const state = app.snapshot().drives.find(({ id }) => id === driveId)?.state
    return result.ok && state?.kind === 'failed' ? { ok: false, error: state.error } : result
  }
  return (action) => {
    switch (action.kind) {
      case 'mount':
        return void told(...action.driveIds.map(mount))
      case 'unmount':
        return void told(app.run('drive.unmount', { driveId: action.driveId, force: false, wait: false }))
      case 'reveal':
        return void told(app.run('drive.reveal', { driveId: action.driveId }))
      case 'reveal-files':
        return void told(app.run('file.reveal', { driveId: action.driveId, paths: [...action.paths] }))
      case 'sign-in':
        // The code that some sign-ins have is shown there, and nowhere else.
        showView('accounts')
        return void told(app.run('account.sign-in', { profile: action.profile, method: 'browser' }))
      case 'show-view':
        showView(action.view)
        return
      case 'install-update':
        return void told(app.run('app.install-update', {}))
      case 'quit':
        return void told(app.run('app.quit', {}))
    }
  }
}
