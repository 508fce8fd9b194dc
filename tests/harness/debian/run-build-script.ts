import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

import { execa } from 'execa'

export interface BuildScriptOptions {
  /** Gets all output. */
  readonly logPath: string
  readonly signal: AbortSignal
}

/** Downloading from a slow mirror takes minutes; longer means that it hangs. */
const limitMs = 15 * 60_000

/**
 * Runs a script as root in namespaces of its own, so that whatever ends it, this process's death by SIGKILL included, ends all it
 * started and undoes all it mounted. @throws with the end of its output.
 */
export async function runBuildScript(
  scriptPath: string,
  args: readonly string[],
  { logPath, signal }: BuildScriptOptions,
): Promise<void> {
  const alone = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
  const result = await execa('setpriv', ['--pdeathsig', 'KILL', '--', ...alone, scriptPath, ...args], {
    stdin: 'ignore',
    stdout: { file: logPath, append: true },
    stderr: { file: logPath, append: true },
    reject: false,
    timeout: limitMs,
    // unshare passes on nothing but its own death.
    killSignal: 'SIGKILL',
    cancelSignal: signal,
  })
  signal.throwIfAborted()
  if (result.exitCode === 0) return
  const output = (await readFile(logPath, 'utf8')).split('\n').slice(-25).join('\n')
  throw new Error(`${basename(scriptPath)} failed (${result.shortMessage}):\n${output}`)
}
