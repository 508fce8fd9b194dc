import type { PeerId } from './peers/peer.ts'

/** A figure to reach: a number, or a multiple of what another server reaches in the same run. */
export type Target =
  { readonly value: number } | { readonly peer: PeerId; readonly times?: number; readonly value?: never }

export interface Aim {
  readonly sense: 'at-most' | 'at-least'
  readonly target: Target
}

export const atMost = (target: Target): Aim => ({ sense: 'at-most', target })
export const atLeast = (target: Target): Aim => ({ sense: 'at-least', target })

/** `unknown`: one of the two figures was not measured. */
export type Verdict = 'reached' | 'missed' | 'unknown'

/** @param figureOf a server's figure of the same row and run, if there is one. */
export function judge(
  aim: Aim,
  ours: number | undefined,
  figureOf: (peer: PeerId) => number | undefined,
): Verdict {
  const limit = limitOf(aim.target, figureOf)
  if (ours === undefined || limit === undefined) return 'unknown'
  const isReached = aim.sense === 'at-most' ? ours <= limit : ours >= limit
  return isReached ? 'reached' : 'missed'
}

/** `≤ Apache × 2`. @param labelOf how a server is called. */
export function aimText({ sense, target }: Aim, labelOf: (peer: PeerId) => string): string {
  const sign = sense === 'at-most' ? '≤' : '≥'
  if (target.value !== undefined) return `${sign} ${target.value}`
  return `${sign} ${labelOf(target.peer)}${target.times === undefined ? '' : ` × ${target.times}`}`
}

function limitOf(target: Target, figureOf: (peer: PeerId) => number | undefined): number | undefined {
  if (target.value !== undefined) return target.value
  const figure = figureOf(target.peer)
  return figure === undefined ? undefined : figure * (target.times ?? 1)
}
