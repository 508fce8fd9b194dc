import type { Attributes } from '../backend.ts'

/** What a look has shown. */
export type Found = Attributes | 'nothing'

/** What has become of a change whose answer was lost. `unclear`: somebody else has been at work there, too. */
export type Verdict<T> =
  { readonly kind: 'done'; readonly answer: T } | { readonly kind: 'undone' } | { readonly kind: 'unclear' }

const undone = { kind: 'undone' } as const
const unclear = { kind: 'unclear' } as const

/** `source` is what was to be moved, as it was before; `now` what is at both ends. */
export function judgeMove(
  source: Found,
  now: { readonly from: Found; readonly to: Found },
): Verdict<Attributes> {
  // There was nothing to move, and asked again the backend says so.
  if (source === 'nothing') return undone
  // Also where both ends are one: another case of the same name, or a second link.
  if (isSame(source, now.from)) return undone
  if (
    now.to !== 'nothing' &&
    (isSame(source, now.to) || (now.from === 'nothing' && isCopy(source, now.to)))
  ) {
    return { kind: 'done', answer: now.to }
  }
  return now.from === 'nothing' && now.to === 'nothing' ? undone : unclear
}

/** `known` is what was to be removed. A tree may be half gone: that is made again. */
export function judgeRemoval(known: Found, now: Found): Verdict<undefined> {
  if (now === 'nothing') return known === 'nothing' ? undone : { kind: 'done', answer: undefined }
  return isSame(known, now) ? undone : unclear
}

/** `known` is what was there before: where that was nothing, a directory is the one that was asked for. */
export function judgeNewDirectory(known: Found, now: Found): Verdict<Attributes> {
  if (now !== 'nothing' && now.kind === 'directory' && known === 'nothing') {
    return { kind: 'done', answer: now }
  }
  return undone
}

/** The very same file or directory, whatever was written into it. */
function isSame(one: Found, other: Found): boolean {
  return one !== 'nothing' && other !== 'nothing' && one.kind === other.kind && one.fileId === other.fileId
}

/** Where a backend numbers anew what it moves. */
function isCopy(one: Attributes, other: Attributes): boolean {
  return (
    one.kind === 'file' &&
    other.kind === 'file' &&
    one.size === other.size &&
    one.modifiedMs === other.modifiedMs
  )
}
