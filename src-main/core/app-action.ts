import type { Place } from '../shared/app/answers.ts'

/** What a menu item, a notification or a link does: a closed list, so that none of them can ask for more. */
export type AppAction =
  | { readonly kind: 'mount'; readonly driveIds: readonly string[] }
  | { readonly kind: 'unmount'; readonly driveId: string }
  | { readonly kind: 'reveal'; readonly driveId: string }
  | { readonly kind: 'reveal-files'; readonly driveId: string; readonly paths: readonly string[] }
  | { readonly kind: 'sign-in'; readonly profile: string }
  | { readonly kind: 'show-view'; readonly view: Place }
  | { readonly kind: 'install-update' }
  | { readonly kind: 'quit' }
