import type { AwsReply } from './service.ts'

/** `hang`: no answer, ever. */
export type Fault = AwsReply | 'hang'

/** What a service does instead of its work, the next few times that an operation is asked for. */
export class ServiceFaults<Operation extends string> {
  readonly #queued = new Map<Operation, Fault[]>()

  /** Queues `fault` behind what is queued already. */
  next(operation: Operation, fault: Fault, times = 1): void {
    const queue = this.#queued.get(operation) ?? []
    queue.push(...Array.from({ length: times }, () => fault))
    this.#queued.set(operation, queue)
  }

  /** The next fault of `operation`, or what `work` gives. */
  async instead(operation: Operation, work: () => AwsReply): Promise<AwsReply> {
    const fault = this.#queued.get(operation)?.shift()
    if (fault === 'hang') return await new Promise<never>(() => undefined)
    return fault ?? work()
  }
}
