import { isAppError } from '../../../../../src-main/shared/errors.ts'
import { above, type Look, type TreeState } from './worlds.ts'

/** What a list, a read or a stat was answered with. */
export type Outcome =
  | { readonly names: readonly string[] }
  | { readonly text: string }
  | { readonly size: number }
  | 'directory'
  | Error

/** @returns what `outcome` says of `path` that was true at no moment of the look, or undefined. */
export function wrongWith({ states, hasMoves }: Look, path: string, outcome: Outcome): string | undefined {
  const found = states.map((state) => (path === '' ? null : state.get(path)))
  if (outcome instanceof Error) {
    if (isAppError(outcome, 'stalled', 'busy')) return undefined
    if (isAppError(outcome, 'not-found'))
      return found.every((text) => text !== undefined)
        ? 'found nothing, where something was all the while'
        : undefined
    if (isAppError(outcome, 'not-a-directory'))
      return found.every((text) => typeof text !== 'string') ? 'took it for a file' : undefined
    if (isAppError(outcome, 'is-a-directory'))
      return found.every((text) => text !== null) ? 'took it for a directory' : undefined
    return `failed: ${outcome.stack ?? String(outcome)}`
  }
  if (found.every((text) => text === undefined)) return 'found something, where nothing was all the while'
  if (outcome === 'directory') return found.includes(null) ? undefined : 'took it for a directory'
  if ('size' in outcome)
    return hasMoves || found.some((text) => text?.length === outcome.size)
      ? undefined
      : 'has a size that it never had'
  if ('text' in outcome)
    return hasMoves || found.includes(outcome.text) ? undefined : 'has a text that it never had'
  return wrongNames(states, path, outcome.names)
}

function wrongNames(
  states: readonly TreeState[],
  path: string,
  names: readonly string[],
): string | undefined {
  const all = new Set(states.flatMap((state) => [...state.keys()]).filter((child) => above(child) === path))
  const missing = [...all].find(
    (child) => !names.includes(child.slice(path.length + 1)) && states.every((state) => state.has(child)),
  )
  if (missing !== undefined) return `lacks ${missing}`
  const ghost = names.find((name) => states.every((state) => !state.has(`${path}/${name}`)))
  return ghost === undefined ? undefined : `has ${ghost}`
}
