import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

const programName = 'session-manager-plugin'

/** Where AWS's installer and Homebrew put it. An app that Finder starts has none of these in its PATH. */
const usualDirs = [
  '/usr/local/sessionmanagerplugin/bin',
  '/opt/homebrew/bin',
  '/usr/local/bin',
  '/usr/bin',
] as const

/** The absolute path of the plugin; `undefined` where it is not installed. PATH comes first. */
export async function findPlugin(
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const dirs = [...(env['PATH'] ?? '').split(delimiter).filter((dir) => dir.startsWith('/')), ...usualDirs]
  for (const dir of dirs) {
    const path = join(dir, programName)
    if (await isProgram(path)) return path
  }
  return undefined
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
