import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/** @throws when `path` does not hold exactly `expected`. */
export async function expectFile(path: string, expected: Uint8Array): Promise<void> {
  expectBytes(await readFile(path), expected, `the file served`)
}

/** @throws when something is at `path`. */
export function expectGone(path: string): Promise<void> {
  return existsSync(path) ? Promise.reject(new Error(`${path} is still there`)) : Promise.resolve()
}

/** @throws when `actual` is not `expected`; `what` is its name. */
export function expectBytes(actual: Buffer, expected: Uint8Array, what: string): void {
  if (!actual.equals(expected))
    throw new Error(`${what} has ${actual.length} bytes that are not the expected ones`)
}
