const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Seconds since 1970 of an RFC 1123 date; 0 for anything else (webdavfs-403: N:113-115, 167-197). */
export function parseHttpDate(text: string | undefined): number {
  const match = /^\w{3}, (\d{2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/.exec(text?.trim() ?? '')
  const month = months.indexOf(match?.[2] ?? '')
  if (match === null || month < 0) return 0
  const [day, , year, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return Date.UTC(year, month, day, hour, minute, second) / 1000
}

/** Seconds since 1970 of an ISO 8601 date with `Z` or an offset. Fractions of a second are not in the agent's pattern: 0. */
export function parseCreationDate(text: string | undefined): number {
  const trimmed = text?.trim() ?? ''
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:?\d{2})$/.test(trimmed))
    return parseHttpDate(trimmed)
  const ms = Date.parse(trimmed.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'))
  return Number.isNaN(ms) ? 0 : ms / 1000
}
