import type { Terminal } from '../../src-main/cli/output/terminal.ts'

const plain = (text: string): string => text

/** A terminal without colours that keeps what it is told. */
export class FakeTerminal implements Terminal {
  readonly out: string[] = []
  readonly err: string[] = []
  readonly drawn: (readonly string[])[] = []
  readonly isInteractive: boolean
  readonly bold = plain
  readonly dim = plain
  readonly green = plain
  readonly yellow = plain
  readonly red = plain

  constructor({ isInteractive = false } = {}) {
    this.isInteractive = isInteractive
  }

  readonly print = (line: string): void => void this.out.push(line)
  readonly printJson = (value: unknown): void => this.print(JSON.stringify(value))
  readonly note = (line: string): void => void this.err.push(line)
  readonly draw = (lines: readonly string[]): void => void this.drawn.push(lines)
  /** What the user answers to the next questions; nobody answers any more after that. */
  readonly answers: boolean[] = []
  readonly confirm = (question: string): Promise<boolean> => {
    this.print(question)
    return Promise.resolve(this.isInteractive && (this.answers.shift() ?? false))
  }
  /** The lines the user types; nobody answers after that. */
  readonly lines: string[] = []
  readonly ask = (question: string): Promise<string | undefined> => {
    this.print(question)
    return Promise.resolve(this.isInteractive ? this.lines.shift() : undefined)
  }
  get canAsk(): boolean {
    return this.isInteractive
  }
  /** What the user types where it is not shown; they decline after that. */
  readonly typed: string[] = []
  readonly askHidden = (question: string): Promise<string | undefined> => {
    this.note(question)
    return Promise.resolve(this.typed.shift())
  }
  readonly flush = (): Promise<void> => Promise.resolve()
}
