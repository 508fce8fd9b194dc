import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

/** Where Debian keeps programs for root; a user's PATH often leaves these out. */
const systemDirs = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin']

/** The absolute path of the first `program` that may be executed, or `undefined`. */
export function findProgram(program: string, searchPath = process.env['PATH'] ?? ''): string | undefined {
  const dirs = [...searchPath.split(':'), ...systemDirs].filter((dir) => dir !== '')
  return dirs.map((dir) => join(dir, program)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
