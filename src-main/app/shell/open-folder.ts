import { extname } from 'node:path'

import { shell } from 'electron'

import { AppError } from '../../shared/errors.ts'

/**
 * Opens a folder in Finder. One whose name has an ending is shown in the folder around it instead: the system goes by the ending, and would start an
 * `.app`.
 * @throws AppError `not-found` {path}
 */
export async function openFolder(path: string): Promise<void> {
  if (extname(path) !== '') {
    shell.showItemInFolder(path)
    return
  }
  const reason = await shell.openPath(path)
  if (reason !== '') throw new AppError('not-found', { path }, { cause: reason })
}
