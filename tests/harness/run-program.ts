import { execa, type Options } from 'execa'

export interface ProgramOptions {
  readonly cwd?: string
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  readonly limitMs?: number
}

/** Runs a program to its end and gives its output. @throws with command, exit code and what it said when it fails or overruns the limit. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, input, env, limitMs = 100_000 }: ProgramOptions = {},
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const options = {
    stripFinalNewline: false,
    timeout: limitMs,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...env } }),
    // Nothing to read is better than a terminal: no program may stop to ask.
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  } satisfies Options
  const { stdout, stderr } = await execa(program, [...args], options)
  return { stdout, stderr }
}
