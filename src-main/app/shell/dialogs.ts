import { app, dialog } from 'electron'

import type { Question } from '../../core/quit-texts.ts'
import type { QuitAnswer } from '../../core/quit-plan.ts'
import { windowMessageFor } from '../../shared/app/window-messages.ts'
import { AppError, type SerializedError } from '../../shared/errors.ts'

export interface Dialogs {
  /** @returns `undefined` when it was cancelled. */
  chooseFolder(options: { readonly title: string }): Promise<string | undefined>
  chooseSavePath(options: {
    readonly title: string
    readonly defaultName: string
  }): Promise<string | undefined>
  /** An aborted `signal` closes the dialog and is `cancel`. */
  ask(question: Question, signal: AbortSignal): Promise<QuitAnswer>
  /** That what was asked for outside of a window has failed. */
  tell(error: SerializedError): Promise<void>
}

/** Dialogs of the system. They belong to no window: the popover is too small to carry one. */
export function createDialogs(): Dialogs {
  return {
    chooseFolder: async ({ title }) => {
      comeForward()
      const { canceled, filePaths } = await dialog.showOpenDialog({
        title,
        // macOS shows no title.
        message: title,
        buttonLabel: 'Choose',
        properties: ['openDirectory', 'createDirectory'],
      })
      return canceled ? undefined : filePaths[0]
    },
    chooseSavePath: async ({ title, defaultName }) => {
      comeForward()
      const { canceled, filePath } = await dialog.showSaveDialog({
        title,
        message: title,
        defaultPath: defaultName,
      })
      return canceled || filePath === '' ? undefined : filePath
    },
    ask: async ({ message, detail, answers }, signal) => {
      comeForward()
      const cancelId = answers.findIndex(({ answer }) => answer === 'cancel')
      const { response } = await dialog.showMessageBox({
        type: 'warning',
        message,
        detail,
        buttons: answers.map(({ label }) => label),
        defaultId: 0,
        cancelId,
        signal,
      })
      return answers[response]?.answer ?? 'cancel'
    },
    tell: async (error) => {
      comeForward()
      const { title, text, fix } = windowMessageFor(error)
      await dialog.showMessageBox({
        type: 'warning',
        message: title,
        detail: inParagraphs(text, fix),
        buttons: ['OK'],
      })
    },
  }
}

/**
 * That the app cannot start, for what `reason` says. In a box of the system, because there is nothing of ours to show it in; returns when
 * it has been read.
 */
export function tellNotStarted(reason: unknown, logPath: string): void {
  const error =
    reason instanceof AppError
      ? reason
      : new AppError('app-not-started', {
          path: logPath,
          ...(reason instanceof Error && { reason: reason.message }),
        })
  const { title, text, fix } = windowMessageFor(error.toJSON())
  dialog.showErrorBox(title, inParagraphs(text, fix))
}

function inParagraphs(text: string, fix: string | undefined): string {
  return fix === undefined ? text : `${text}\n\n${fix}`
}

/** An app without a Dock icon opens its dialogs behind the windows of others. */
function comeForward(): void {
  app.focus({ steal: true })
}
