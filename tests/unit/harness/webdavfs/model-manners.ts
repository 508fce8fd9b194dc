import type { IncomingMessage, ServerResponse } from 'node:http'

/** What the model server does right by default; each test of a mistake turns one of these. */
export interface Manners {
  /** The `DAV` header of OPTIONS. */
  dav: string
  answersQuota: boolean
  /** How an `href` is written into a multistatus; given the decoded path and the request's own. */
  writeHref: (path: string) => string
  /** Put after the `href` of each response element. */
  extraXml: string
  /** How the text of `getlastmodified` is written. */
  writeDate: (ms: number) => string
  putTellsLastModified: boolean
  putTellsEtag: boolean
  putTellsDate: boolean
  getTellsLastModified: boolean
  range: 'exact' | 'ignored' | 'off by one' | 'short'
  /** Whether `If-Range` is looked at before a 206. */
  heedsIfRange: boolean
  lockTokenIn: 'body' | 'header'
  locks: 'granted' | 'refused'
  refreshes: 'granted' | 'refused'
  directoryTimeMoves: boolean
  /** Entries that only the rmdir check sees. */
  hiddenChildren: number
  /** Bytes added to every `getcontentlength`. */
  lengthError: number
  /** Takes a request over; true when it has answered, or means to leave it unanswered. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean
}

export function goodManners(): Manners {
  return {
    dav: '1, 2',
    answersQuota: false,
    writeHref: encodePath,
    extraXml: '',
    writeDate: (ms) => new Date(ms).toUTCString(),
    putTellsLastModified: true,
    putTellsEtag: true,
    putTellsDate: true,
    getTellsLastModified: true,
    range: 'exact',
    heedsIfRange: true,
    lockTokenIn: 'body',
    locks: 'granted',
    refreshes: 'granted',
    directoryTimeMoves: true,
    hiddenChildren: 0,
    lengthError: 0,
    intercept: () => false,
  }
}

/** Percent-escapes each component, `&` included. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
