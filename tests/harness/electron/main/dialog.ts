import type {
  Dialog,
  MessageBoxOptions,
  MessageBoxReturnValue,
  OpenDialogOptions,
  OpenDialogReturnValue,
  SaveDialogOptions,
  SaveDialogReturnValue,
} from 'electron'

import type { DialogKind } from '../protocol.ts'
import { host } from './host.ts'
import { Strict } from './strict.ts'

type Implemented = 'showMessageBox' | 'showOpenDialog' | 'showSaveDialog' | 'showErrorBox'

/** Each stays open until the test answers it, or the app withdraws it. */
export class StandInDialog extends Strict implements Pick<Dialog, Implemented> {
  #lastKey = 0

  async showMessageBox(
    ...args: [object, MessageBoxOptions] | [MessageBoxOptions]
  ): Promise<MessageBoxReturnValue> {
    const { signal, cancelId = 0 } = args.at(-1) as MessageBoxOptions
    const answer = await this.#ask('message-box', args, signal, { response: cancelId })
    return { checkboxChecked: false, response: 0, ...answer }
  }
  async showOpenDialog(
    ...args: [object, OpenDialogOptions] | [OpenDialogOptions]
  ): Promise<OpenDialogReturnValue> {
    return { canceled: false, filePaths: [], ...(await this.#ask('open-dialog', args)) }
  }
  async showSaveDialog(
    ...args: [object, SaveDialogOptions] | [SaveDialogOptions]
  ): Promise<SaveDialogReturnValue> {
    return { canceled: false, filePath: '', ...(await this.#ask('save-dialog', args)) }
  }
  showErrorBox(title: string, content: string): void {
    host.did({ what: 'error-box', title, content })
  }

  async #ask(
    kind: DialogKind,
    args: readonly object[],
    signal?: AbortSignal,
    withdrawn = {},
  ): Promise<object> {
    const key = ++this.#lastKey
    // A window to belong to may come first; a signal or an image cannot travel.
    const given = Object.entries(args.at(-1) ?? {})
    const options = Object.fromEntries(given.filter(([name]) => !['signal', 'icon'].includes(name)))
    const answered = host.ask('dialog', { key, kind, options })
    if (signal === undefined) return await answered
    const aborted = Promise.withResolvers<object>()
    const withdraw = (): void => {
      void host.ask('dialog.withdraw', { key })
      aborted.resolve(withdrawn)
    }
    if (signal.aborted) withdraw()
    signal.addEventListener('abort', withdraw, { once: true })
    try {
      return await Promise.race([answered, aborted.promise])
    } finally {
      signal.removeEventListener('abort', withdraw)
    }
  }
}

export const dialog = new StandInDialog()
