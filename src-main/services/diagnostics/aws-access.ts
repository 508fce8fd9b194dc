import type { SerializedError } from '../../shared/errors.ts'

/** What one step came to. `untried` says why in words. */
export type AwsFact =
  | { readonly kind: 'good'; readonly fact: string }
  | { readonly kind: 'bad'; readonly error: SerializedError }
  | { readonly kind: 'untried'; readonly why: string }

export type AwsPermissionFact =
  | { readonly kind: 'allowed' | 'denied' }
  | { readonly kind: 'untried'; readonly why: string }
  | { readonly kind: 'unclear'; readonly error: SerializedError }

/**
 * What AWS is to one drive, or to the profile that counts where none is named. The steps build on each other: after one that is not good,
 * the later ones are absent, because nothing was asked.
 */
export interface AwsAccess {
  readonly profile: string
  readonly driveName?: string
  /** By the files of this machine alone. */
  readonly found: AwsFact
  readonly session?: AwsFact
  /** This machine's against AWS's; absent where AWS has not answered at all. */
  readonly clock?: AwsFact
  readonly caller?: AwsFact
  /** By the name of the permission. */
  readonly permissions?: Readonly<Record<string, AwsPermissionFact>>
}
