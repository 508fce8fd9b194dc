import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** The first thing that looks like a version in what `program` prints, on either stream. */
export async function programVersion(program: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(program, args)
  return /\d+\.\d+(?:\.\d+)?/.exec(stdout + stderr)?.[0] ?? 'unknown version'
}
