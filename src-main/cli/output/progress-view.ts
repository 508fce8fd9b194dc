import type { OperationProgress } from '../../services/stacks/watch/operation.ts'
import type { Terminal } from './terminal.ts'

const words: Readonly<Record<OperationProgress['kind'], string>> = {
  making: 'Making',
  changing: 'Changing',
  removing: 'Removing',
  'taking-back': 'Taking back',
}

/** How far CloudFormation is: drawn over where somebody watches, and else a line whenever there is something new. */
export class ProgressView {
  readonly #terminal: Pick<Terminal, 'isInteractive' | 'draw' | 'note' | 'yellow'>
  #last = ''
  #lastTrouble: string | undefined

  constructor(terminal: Pick<Terminal, 'isInteractive' | 'draw' | 'note' | 'yellow'>) {
    this.#terminal = terminal
  }

  /** To be called with every look; says nothing twice. */
  readonly show = (progress: OperationProgress): void => {
    const { isInteractive, draw, note, yellow } = this.#terminal
    const line = renderProgress(progress)
    const { trouble } = progress
    if (isInteractive) {
      const lines = trouble === undefined ? [line] : [line, yellow(`  S3 Files says: ${trouble}`)]
      draw(lines)
      return
    }
    if (line !== this.#last) note(line)
    if (trouble !== undefined && trouble !== this.#lastTrouble) note(yellow(`S3 Files says: ${trouble}`))
    this.#last = line
    this.#lastTrouble = trouble
  }
}

/** `Making  62 %  14 of 24: the mount target, the load balancer` */
export function renderProgress({ kind, percent, done, total, current }: OperationProgress): string {
  const now = current.length === 0 ? '' : `: ${current.join(', ')}`
  return `${words[kind]}  ${String(percent).padStart(3)} %  ${done} of ${total}${now}`
}
