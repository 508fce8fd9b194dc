import { startProgram } from '../../lib/child-program.ts'
import type { Clock } from '../../lib/clock.ts'
import { endProgram, endWithin } from '../../lib/end-program.ts'
import { eachLine } from '../../lib/lines.ts'

export interface ToolResult {
  /** `undefined`: it was killed, for the limit or for the signal. */
  readonly exitCode: number | undefined
  readonly stderr: string
}

export interface ToolOptions {
  readonly clock: Clock
  readonly limitMs: number
  readonly signal?: AbortSignal
}

const maxStderrLines = 50

/**
 * Runs mount, umount and their like. At the limit or when `signal` aborts, the program and what it has started are killed; one that is
 * stuck in the kernel is left there. Never rejects: a program that is not there has failed, and says so in `stderr`.
 */
export async function runTool(
  program: string,
  args: readonly string[],
  { clock, limitMs, signal }: ToolOptions,
): Promise<ToolResult> {
  const child = startProgram(program, args)
  child.stdin.end()
  child.stdout.resume()
  const words: string[] = []
  eachLine(child.stderr, (line) => {
    if (words.length < maxStderrLines) words.push(line)
  })
  const kill = (): void => child.signal('SIGKILL')
  signal?.addEventListener('abort', kill, { once: true })
  if (signal?.aborted === true) kill()
  const end = await endWithin(child, clock, limitMs)
  signal?.removeEventListener('abort', kill)
  if (end === undefined) await endProgram(child, { clock, graceMs: 0 })
  if (end?.kind === 'failed') words.push(`${program}: ${end.reason}`)
  return { exitCode: exitCodeOf(end), stderr: words.join('\n') }
}

function exitCodeOf(end: Awaited<ReturnType<typeof endWithin>>): number | undefined {
  if (end?.kind === 'exited') return end.code
  return end?.kind === 'failed' ? 127 : undefined
}
