import { create } from 'zustand'

import type { StackRef, WayIn } from '../../src-main/shared/app/stacks.ts'

/** A stack as it is typed. */
export interface StackDraft {
  /** Empty for the default credentials. */
  readonly profile: string
  readonly region: string
  readonly name: string
  readonly bucketKind: 'new' | 'existing'
  readonly bucketName: string
  readonly prefix: string
  readonly wayIn: WayIn
}

export type NewStackStep = 'where' | 'way-in'

/** Kept while a plan is looked at, so that Back leads to what was typed. Nothing of it outlives the window. */
interface NewStackState {
  readonly draft: StackDraft
  readonly step: NewStackStep
}

interface NewStackActions {
  readonly put: (part: Partial<StackDraft>) => void
  readonly goTo: (step: NewStackStep) => void
  /** Empties the form. */
  readonly clear: () => void
  /** The same, unless another stack is typed there by now. */
  readonly forget: (ref: StackRef) => void
  /** Opens the form again for a stack that was planned: as it was typed, or with what is known of it. */
  readonly resume: (ref: StackRef, wayIn: WayIn) => void
}

export const emptyStackDraft: StackDraft = {
  profile: '',
  region: '',
  name: '',
  bucketKind: 'new',
  bucketName: '',
  prefix: '',
  wayIn: 'nlb',
}

export const useNewStackStore = create<NewStackState & NewStackActions>()((set) => ({
  draft: emptyStackDraft,
  step: 'where',
  put: (part) => set(({ draft }) => ({ draft: { ...draft, ...part } })),
  goTo: (step) => set({ step }),
  clear: () => set({ draft: emptyStackDraft, step: 'where' }),
  forget: (ref) => set(({ draft }) => (isOf(draft, ref) ? { draft: emptyStackDraft, step: 'where' } : {})),
  resume: (ref, wayIn) =>
    set(({ draft }) => {
      const { profile = '', region, name } = ref
      return isOf(draft, ref)
        ? { step: 'way-in' }
        : { step: 'where', draft: { ...emptyStackDraft, profile, region, name, wayIn } }
    }),
}))

function isOf(draft: StackDraft, { profile = '', region, name }: StackRef): boolean {
  return draft.profile === profile && draft.region === region && draft.name === name
}
