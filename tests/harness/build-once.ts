import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Builds the command and the front once before any test: what is tested as a process is what users run. */
export async function setup(): Promise<void> {
  await promisify(execFile)('npm', ['run', '--silent', 'build'])
}
