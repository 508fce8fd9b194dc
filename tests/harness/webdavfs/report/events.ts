import type { Errno } from '../errno.ts'

/** One thing the user of the Mac would have noticed, or would have needed to. */
export type VolumeEvent =
  /** A dialog in Finder, or an error message of a program. */
  | {
      readonly kind: 'error-shown'
      readonly operation: string
      readonly path: string
      readonly errno: Errno
      readonly status?: number
    }
  /** The program was told "saved" and the server does not have it. */
  | { readonly kind: 'silent-loss'; readonly path: string; readonly reason: string }
  /** Bytes handed to a program that are not the file's. */
  | { readonly kind: 'corruption'; readonly path: string; readonly reason: string }
  /** A file that exists is remembered as "no such file". */
  | { readonly kind: 'vanished'; readonly path: string; readonly reason: string }
  /** An existing file was replaced by an empty one, because its look-up failed. */
  | { readonly kind: 'clobbered'; readonly path: string; readonly reason: string }
  /** A listing shows what is not there, or twice. */
  | { readonly kind: 'ghost-entry'; readonly path: string; readonly href: string }
  /** A listing leaves out, or cuts, what is there. */
  | { readonly kind: 'hidden-entry'; readonly path: string; readonly href: string; readonly reason: string }
  /** "Server connections interrupted"; every call fails until `up`. */
  | { readonly kind: 'down'; readonly reason: string }
  | { readonly kind: 'up'; readonly downMs: number }
  /** The volume was given up and unmounted by force (only with `-S`). */
  | { readonly kind: 'volume-dead' }
  /** mount(2) did not return for this long. */
  | { readonly kind: 'mount-hang'; readonly mountHangMs: number }
  | { readonly kind: 'read-only-mount' }
  /** A call that went over its budget, or never ended. */
  | { readonly kind: 'hang'; readonly operation: string; readonly path: string; readonly reason: string }
  /** A lock refresh failed; later PUTs go out without `If`. */
  | { readonly kind: 'lock-lost'; readonly path: string }
  /** The server left something out, so the client had to ask again or download again. */
  | { readonly kind: 'extra-traffic'; readonly path: string; readonly reason: string }
  /** A reply switched the client into a manner that no one wants: cookies, IIS quirks, a moved base. */
  | { readonly kind: 'server-quirk'; readonly reason: string }

/** One HTTP request as the agent sent it. */
export interface RequestRecord {
  readonly method: string
  /** As on the request line: escaped, with the volume's base. */
  readonly path: string
  readonly requestHeaders: Readonly<Record<string, string>>
  /** 0 when no answer came. */
  readonly status: number
  /** From sending to the last byte of the reply that was read, by the volume's clock. */
  readonly ms: number
  /** `worker 0` … `worker 4`, `pulse`, or `mount`. */
  readonly thread: string
}

export interface Waiting {
  /** Calls that crossed from the kext to the agent. */
  readonly calls: number
  /** How long programs stood still in them, all together and at the longest. */
  readonly totalMs: number
  readonly longestMs: number
  /** The part of it in which all five threads were taken. */
  readonly queuedCalls: number
  readonly queuedMs: number
}

/** What parsing listings cost: both grow with the square of the number of children (webdavfs-403: P:984-1004, C:680-686). */
export interface ListingCost {
  readonly scannedBytes: number
  readonly nameComparisons: number
}

export interface VolumeReport {
  readonly events: readonly VolumeEvent[]
  readonly requests: readonly RequestRecord[]
  readonly waiting: Waiting
  readonly listingCost: ListingCost
}
