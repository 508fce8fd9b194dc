import { createInterface } from 'node:readline/promises'
import { styleText } from 'node:util'

import { readHidden } from './read-hidden.ts'

export type Style = (text: string) => string

/** The one way out to the user: results on stdout, everything else on stderr. */
export interface Terminal {
  /** Somebody is watching stdout: lines may be drawn over. */
  readonly isInteractive: boolean
  readonly bold: Style
  readonly dim: Style
  readonly green: Style
  readonly yellow: Style
  readonly red: Style
  /** A line of the result. */
  readonly print: (line: string) => void
  /** One JSON document on a line of its own, never coloured. */
  readonly printJson: (value: unknown) => void
  /** Progress, warnings and errors: kept out of what a pipe receives. */
  readonly note: (line: string) => void
  /** Draws `lines` over those of the last call; the next `print` goes below. Nothing where nobody watches. */
  readonly draw: (lines: readonly string[]) => void
  /** Asks a question that is answered with yes or no; no where nobody can answer, and when `signal` is aborted. */
  readonly confirm: (question: string, signal: AbortSignal) => Promise<boolean>
  /** Asks for a line, which is shown as it is typed. `undefined` where nobody can answer, and when `signal` is aborted. */
  readonly ask: (question: string, signal: AbortSignal) => Promise<string | undefined>
  /** Somebody could answer a question, also where the result goes into a pipe. */
  readonly canAsk: boolean
  /** Asks for what nobody else should read: it is not shown. `undefined` when the person declines, `signal` is aborted, or nobody can answer. */
  readonly askHidden: (question: string, signal: AbortSignal) => Promise<string | undefined>
  /** Resolves when all that was printed has left the process. */
  readonly flush: () => Promise<void>
}

export interface TerminalStreams {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** Colour only where a terminal shows it: `styleText` asks the stream, NO_COLOR and FORCE_COLOR. */
export function createTerminal({ stdin, stdout, stderr }: TerminalStreams): Terminal {
  let drawnLines = 0
  const canAsk = stdin.isTTY && stderr.isTTY
  const style =
    (format: Parameters<typeof styleText>[0]): Style =>
    (text) =>
      styleText(format, text, { stream: stdout })

  const print = (line: string): void => {
    drawnLines = 0
    stdout.write(`${line}\n`)
  }
  const ask: Terminal['ask'] = async (question, signal) => {
    if (!stdin.isTTY || !stdout.isTTY) return undefined
    drawnLines = 0
    // Not as a terminal of its own: then Ctrl-C stays a signal, which ends the whole command.
    using lines = createInterface({ input: stdin, output: stdout, terminal: false })
    try {
      return (await lines.question(question, { signal })).trim()
    } catch {
      return undefined
    }
  }
  return {
    isInteractive: stdout.isTTY,
    bold: style('bold'),
    dim: style('dim'),
    green: style('green'),
    yellow: style('yellow'),
    red: style('red'),
    print,
    printJson: (value) => print(JSON.stringify(value)),
    note: (line) => {
      drawnLines = 0
      stderr.write(`${line}\n`)
    },
    draw: (lines) => {
      if (!stdout.isTTY) return
      const up = drawnLines === 0 ? '' : `\u001b[${drawnLines}A`
      const shown = lines.map((line) => `\u001b[2K${cut(line, stdout.columns)}\n`).join('')
      stdout.write(`${up}\r${shown}\u001b[0J`)
      drawnLines = lines.length
    },
    confirm: async (question, signal) => {
      return /^y(es)?$/i.test((await ask(`${question} [y/N] `, signal)) ?? '')
    },
    ask,
    canAsk,
    askHidden: async (question, signal) => {
      if (!canAsk) return undefined
      drawnLines = 0
      stderr.write(question)
      try {
        return await readHidden(stdin, signal)
      } finally {
        stderr.write('\n')
      }
    },
    flush: async () => {
      await Promise.all([stdout, stderr].map(drained))
    },
  }
}

/** A line that wraps would not be drawn over in full; styled lines are left alone, because cutting could cut an escape. */
function cut(line: string, columns: number): string {
  return line.length <= columns || line.includes('\u001b') ? line : `${line.slice(0, columns - 1)}…`
}

/** A reader that has gone away (`mountbar drives | head -1`) has nothing more to wait for. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || !stream.writable) resolve()
    else stream.write('', () => resolve())
  })
}
