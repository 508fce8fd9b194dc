/** What one way to the files is asked for in one round. Paths are below the drive's root, and nobody has looked at any of them before. */
export interface Task {
  /** Files of 4 KB. */
  readonly stats: readonly string[]
  /** Folders of `listedFiles` files. */
  readonly lists: readonly string[]
  /** Files of 4 KB. */
  readonly reads: readonly string[]
  /** Where there is nothing yet. */
  readonly writes: readonly string[]
  readonly bigReads: readonly string[]
  readonly bigWrites: readonly string[]
  /** Of each big file. */
  readonly bigBytes: number
}

/** `…Delivered`: until the server has it, where that is later than the answer. */
export type Operation =
  'stat' | 'list' | 'read' | 'write' | 'writeDelivered' | 'bigRead' | 'bigWrite' | 'bigWriteDelivered'

/** Milliseconds, one for each path of the task. */
export type Times = Partial<Readonly<Record<Operation, readonly number[]>>>

/** How files are reached: the mount itself, the agent's file service, the whole front. */
export interface Way {
  readonly label: string
  perform(task: Task): Promise<Times>
}

export const listedFiles = 1_000
export const smallBytes = 4_096

/** Milliseconds that `work` took on each of `items`, one after the other. */
export async function timedEach<T>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<readonly number[]> {
  const times: number[] = []
  for (const item of items) {
    const startedMs = performance.now()
    await work(item)
    times.push(performance.now() - startedMs)
  }
  return times
}
