import { create } from 'zustand'

import type { Snapshot } from '../../src-main/shared/app/snapshot.ts'
import type { SerializedError } from '../../src-main/shared/errors.ts'
import { keepSame } from './keep-same.ts'

/** The mirror of main's state. Only `app/connect.ts` writes to it. */
export interface AppState {
  /** Absent until main has answered for the first time. */
  readonly snapshot: Snapshot | undefined
  /** When `snapshot` came, by this page's own clock. */
  readonly receivedAtMs: number
  /** Why there is no snapshot. */
  readonly failure: SerializedError | undefined
}

export const useAppStore = create<AppState>()(() => ({
  snapshot: undefined,
  receivedAtMs: 0,
  failure: undefined,
}))

/** What is known after `snapshot` came: an answer that was overtaken by what main published since is dropped. */
export function withSnapshot(state: AppState, snapshot: Snapshot, receivedAtMs: number): AppState {
  if (state.snapshot !== undefined && snapshot.revision <= state.snapshot.revision) return state
  return { snapshot: keepSame(state.snapshot, snapshot), receivedAtMs, failure: undefined }
}

/** @throws when there is no snapshot: what calls it is shown only when there is. */
export function useSnapshot<T>(select: (snapshot: Snapshot) => T): T {
  return useAppStore(({ snapshot }) => {
    if (snapshot === undefined) throw new Error('no snapshot yet')
    return select(snapshot)
  })
}
