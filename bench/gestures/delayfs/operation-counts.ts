import { execFile } from 'node:child_process'
import { open, type FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'

/** How often each operation came, by its name; those that never came are left out. */
export type Breakdown = Readonly<Record<string, number>>

const bytesPerCount = 8

/** The running totals of one delayed file system, which it keeps in a file that is shared memory to it. */
export class OperationCounts implements AsyncDisposable {
  readonly #names: readonly string[]
  readonly #file: FileHandle

  private constructor(names: readonly string[], file: FileHandle) {
    this.#names = names
    this.#file = file
  }

  static async open(programPath: string, countsPath: string): Promise<OperationCounts> {
    const { stdout } = await promisify(execFile)(programPath, ['--operations'])
    return new OperationCounts(stdout.trim().split('\n'), await open(countsPath, 'r'))
  }

  async read(): Promise<Breakdown> {
    const bytes = Buffer.alloc(this.#names.length * bytesPerCount)
    await this.#file.read(bytes, 0, bytes.length, 0)
    const counts = this.#names.map(
      (name, index) => [name, Number(bytes.readBigUInt64LE(index * bytesPerCount))] as const,
    )
    return Object.fromEntries(counts.filter(([, count]) => count > 0))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close()
  }
}

/** What came between two readings. */
export function since(before: Breakdown, now: Breakdown): Breakdown {
  const differences = Object.entries(now).map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
  return Object.fromEntries(differences.filter(([, count]) => count > 0))
}

export function totalOf(breakdown: Breakdown): number {
  return Object.values(breakdown).reduce((sum, count) => sum + count, 0)
}
