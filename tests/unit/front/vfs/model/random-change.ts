import { isWithin, type Change, type TreeState } from './worlds.ts'

/** Few, so that changes and looks meet. Files and directories never take each other's names. */
export const fileNames = ['a', 'b', 'c'] as const
const directoryNames = ['d', 'e'] as const

/** A change of one of `states`, all of which are possible now; mostly one that is allowed. Undefined when it finds none. */
export function randomChange(
  states: readonly TreeState[],
  random: () => number,
  { text, hasDirectories }: { readonly text: string; readonly hasDirectories: boolean },
): Change | undefined {
  const state = states[0] ?? new Map<string, null>()
  const directories = ['', ...[...state].filter(([, content]) => content === null).map(([path]) => path)]
  const dice = random()
  if (hasDirectories && dice < 0.4) {
    const source = pick(directories.slice(1), random)
    if (source !== undefined && dice < 0.08) return { kind: 'remove', path: source }
    const free = directories
      .filter((path) => path.split('/').length < 3)
      .flatMap((path) => directoryNames.map((name) => `${path}/${name}`))
      .filter((path) => states.every((possible) => !possible.has(path)))
    const target = pick(free, random)
    if (target === undefined) return undefined
    const isMove = source !== undefined && dice < 0.25 && !isWithin(target, source)
    return isMove ? { kind: 'move', path: source, to: target } : { kind: 'mkdir', path: target }
  }
  const files = [...state].filter(([, content]) => content !== null).map(([path]) => path)
  const source = pick(files, random)
  const target = `${pick(directories, random) ?? ''}/${pick(fileNames, random) ?? ''}`
  if (source !== undefined && dice < 0.5) return { kind: 'remove', path: source }
  if (source !== undefined && dice < 0.75 && source !== target)
    return { kind: 'move', path: source, to: target }
  return { kind: 'write', path: target, text }
}

export function pick<T>(values: readonly T[], random: () => number): T | undefined {
  return values[Math.floor(random() * values.length)]
}
