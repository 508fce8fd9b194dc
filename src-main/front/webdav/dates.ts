/** `Sat, 21 Nov 2026 12:00:00 GMT`, for HTTP headers and `getlastmodified`. */
export function httpDate(seconds: number): string {
  return new Date(seconds * 1000).toUTCString()
}

/** ISO 8601 without fractional seconds: macOS's pattern for `creationdate` has no place for them and would read 1970. */
export function isoDate(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
}

/** Seconds since 1970 of an HTTP date; undefined for anything that is not one, which RFC 9110 wants ignored. */
export function parseHttpDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Z][a-z]{2,8},? /.test(text)) return undefined
  const milliseconds = Date.parse(text)
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000)
}
