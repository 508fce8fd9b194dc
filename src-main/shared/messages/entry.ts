import type { ErrorArgs, ErrorCode } from '../errors.ts'

/** One failure in the catalogue. */
export interface CatalogueEntry {
  readonly title: string
  /** The args a text makes use of. Each may be missing; the sentence then names the thing in general. */
  readonly args: readonly string[]
  text(args: ErrorArgs): string
  fix?(args: ErrorArgs): string
}

/** The part of the catalogue that one file holds. */
export type Messages = Partial<Readonly<Record<ErrorCode, CatalogueEntry>>>
