import { AppError } from '../../shared/errors.ts'
import { mountPointOf, sourceOf } from './drive.ts'
import type { Drive, DriveDirs } from './drive.ts'
import { comparable } from './new-drive.ts'

/**
 * The drive that `text` means: its id, its name in any capitals, its folder (or file system) or its mount point. `path` is `text` as an
 * absolute path. Nothing when none fits.
 * @throws AppError `drive-ambiguous` {name, candidates} when several fit equally well.
 */
export function matchDrive(
  text: string,
  path: string,
  drives: readonly Drive[],
  dirs: Pick<DriveDirs, 'volumesDir'>,
): Drive | undefined {
  const stages: readonly ((drive: Drive) => boolean)[] = [
    ({ id }) => id === text,
    ({ name }) => name.normalize('NFC') === text.normalize('NFC'),
    ({ name }) => comparable(name) === comparable(text),
    (drive) => sourceOf(drive) === path || mountPointOf(drive, dirs) === path,
  ]
  for (const fits of stages) {
    const found = drives.filter(fits)
    if (found.length > 1) {
      const candidates = found.map(({ name, id }) => `${name} (${id})`).join(', ')
      throw new AppError('drive-ambiguous', { name: text, candidates })
    }
    if (found[0] !== undefined) return found[0]
  }
  return undefined
}

/** `drive-unknown`, with the name that was probably meant where one is close. */
export function unknownDrive(text: string, drives: readonly Drive[]): AppError {
  const closest = drives
    .map(({ name }) => ({ name, distance: editDistance(comparable(text), comparable(name)) }))
    .sort((one, other) => one.distance - other.distance)[0]
  const isClose = closest !== undefined && closest.distance <= Math.max(1, Math.floor(text.length / 3))
  return new AppError('drive-unknown', { name: text, ...(isClose ? { suggestion: closest.name } : {}) })
}

/** Levenshtein's distance: how many letters to add, drop or replace. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let i = 1; i <= one.length; i += 1) {
    const above = row
    row = [i]
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (above[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      row.push(Math.min(replaced, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
  }
  return row[other.length] ?? 0
}
