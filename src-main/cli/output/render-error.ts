import type { AppError } from '../../shared/errors.ts'
import { messageFor } from '../../shared/messages.ts'
import type { MessageText } from '../../shared/messages.ts'
import type { Terminal } from './terminal.ts'

/** An error as the lines a user sees: title, what happened, and the way out. Never a stack. */
export function renderError(error: AppError, { red, bold }: Pick<Terminal, 'red' | 'bold'>): string[] {
  const { title, text, fix } = messageFor(error)
  return [red(bold(title)), `  ${text}`, ...(fix === undefined ? [] : [`  → ${fix}`])]
}

/** An error as `--json` prints it. */
export function errorToJson(error: AppError): { readonly error: { readonly code: string } & MessageText } {
  return { error: { ...error.toJSON(), ...messageFor(error) } }
}
