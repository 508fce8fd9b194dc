import type { DestroyStep, Leftover } from '../../services/stacks/destroy/destroy-stack.ts'
import { formatCount } from '../../lib/format.ts'
import { ProgressView } from './progress-view.ts'
import type { Terminal } from './terminal.ts'

/** What is shown while a stack, and maybe its bucket, goes. Nothing is said twice. */
export class DestroyView {
  readonly #terminal: Terminal
  readonly #progress: ProgressView
  #last = ''

  constructor(terminal: Terminal) {
    this.#terminal = terminal
    this.#progress = new ProgressView(terminal)
  }

  readonly show = (step: DestroyStep): void => {
    if (step.kind === 'removing') {
      this.#progress.show(step.progress)
      return
    }
    const { count } = step
    const changes = count === undefined ? 'Changes' : count === 1 ? '1 change' : `${count} changes`
    this.#say(`${changes} not in the bucket yet; waiting for S3 Files …`)
  }

  readonly showDeleted = (deleted: number): void => {
    this.#say(`${formatCount(deleted, 'version')} deleted …`)
  }

  #say(line: string): void {
    const { isInteractive, draw, note } = this.#terminal
    if (line === this.#last) return
    this.#last = line
    if (isInteractive) draw([line])
    else note(line)
  }
}

/** What a stack leaves, in AWS and in the list of drives, and what to do about it. */
export function renderLeftovers(leftovers: readonly Leftover[], drives: readonly string[]): string[] {
  const buckets = leftovers.filter(({ type }) => type === 'AWS::S3::Bucket')
  // A policy of a bucket goes with the bucket.
  const others = leftovers.filter(
    ({ type }) => type !== 'AWS::S3::Bucket' && type !== 'AWS::S3::BucketPolicy',
  )
  return [
    ...buckets.map(
      ({ physicalId }) => `Left in AWS: the bucket ${physicalId}, with all versions of all files.`,
    ),
    ...others.map(({ logicalId, physicalId }) => `Left in AWS: ${logicalId} (${physicalId}).`),
    ...drives.map((name) => `The drive ${name} has nothing to show any more: mountbar forget ${name}`),
  ]
}
