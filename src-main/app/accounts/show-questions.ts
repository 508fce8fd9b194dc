import type { AppDrives } from '../drives/app-drives.ts'
import type { Desktop } from '../ports.ts'
import type { MfaPrompt } from './mfa-prompt.ts'

/** Brings a question before a person who waits for a mount that they asked for; whoever asked for nothing is not disturbed. */
export function showQuestions(
  prompt: Pick<MfaPrompt, 'view' | 'changed'>,
  appDrives: Pick<AppDrives, 'list'>,
  { showView }: { readonly showView: Desktop['showView'] },
): Disposable {
  let shown: string | undefined
  return prompt.changed.on(() => {
    const id = prompt.view?.id
    const isNew = id !== undefined && id !== shown
    shown = id
    if (isNew && appDrives.list().some(({ isAwaited }) => isAwaited)) showView('drives')
  })
}
